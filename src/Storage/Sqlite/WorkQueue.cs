using System.Collections.Concurrent;

namespace Reeve.Storage.Sqlite;

/// <summary>A bounded queue between callers that await and threads that block.</summary>
internal sealed class WorkQueue : IDisposable
{
    public const int WaitingMax = 4_096;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Work> _waiting = new();
    private readonly SemaphoreSlim _room = new(WaitingMax);
    private readonly SemaphoreSlim _count = new(0);
    private bool _isClosed;

    /// <summary>Waits for room, then hands the work over: from then on it is done whatever the caller does.</summary>
    public async Task<T> DoAsync<T>(Func<Database, T> act, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);

        var work = new Work<T>(act);
        Add(work);

        return await work.Done;
    }

    /// <summary>Gives way to callers for a moment, until as many wait as did before some were answered.</summary>
    /// <remarks>
    /// Those who were just answered are about to ask again; one wait for the disk then serves all of them and not half.
    /// </remarks>
    /// <param name="answered">How many were answered just now. One that came alone waits for nobody.</param>
    public void Gather(int answered)
    {
        const int YieldsMax = 200;

        var count = _count.CurrentCount + answered;

        for (var yields = 0; count > 1 && yields < YieldsMax && _count.CurrentCount < count; yields++)
        {
            Thread.Yield();
        }
    }

    /// <summary>Blocks until there is work; an empty batch means that the queue is closed and drained.</summary>
    public void Take(List<Work> batch, int countMax)
    {
        batch.Clear();
        _count.Wait();

        do
        {
            if (!_waiting.TryDequeue(out var work))
            {
                GiveBack(batch);
                break;
            }

            batch.Add(work);
        }
        while (batch.Count < countMax && _count.Wait(0));

        if (batch.Count > 0)
        {
            _room.Release(batch.Count);
        }
    }

    /// <summary>Lets so many threads end once the queue is empty.</summary>
    public void Close(int threads)
    {
        lock (_gate)
        {
            _isClosed = true;
            _count.Release(threads);
        }
    }

    public void Dispose()
    {
        _room.Dispose();
        _count.Dispose();
    }

    // The count of a closed queue is one higher for each thread, which ends at the one it finds alone.
    private void GiveBack(List<Work> batch)
    {
        if (batch.Count > 0)
        {
            _count.Release();
        }
    }

    private void Add(Work work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting.Enqueue(work);
            _count.Release();
        }
    }
}
