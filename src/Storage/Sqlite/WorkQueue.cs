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
    private int _undone;

    public int WaitingCount => _count.CurrentCount;

    /// <summary>Whether everything that was ever handed over is done.</summary>
    public bool IsIdle => Volatile.Read(ref _undone) == 0;

    /// <summary>Waits for room, then hands the work over: from then on it is done whatever the caller does.</summary>
    public async Task<T> DoAsync<T>(Work<T> work, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        Add(work);

        return await work.Done;
    }

    /// <summary>Takes what waits, if anything, and adds it to a batch.</summary>
    public bool TryTake(List<Work> batch, int countMax)
    {
        var before = batch.Count;

        while (batch.Count < countMax && _count.Wait(0))
        {
            if (!_waiting.TryDequeue(out var work))
            {
                // The count of a closed queue is one higher, so that its thread ends.
                _count.Release();
                break;
            }

            batch.Add(work);
        }

        if (batch.Count > before)
        {
            _room.Release(batch.Count - before);
        }

        return batch.Count > before;
    }

    /// <summary>Says that works which were taken are done, and tells how many wait.</summary>
    public int Finish(int count)
    {
        Interlocked.Add(ref _undone, -count);
        return WaitingCount;
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
            Interlocked.Increment(ref _undone);
            _waiting.Enqueue(work);
            _count.Release();
        }
    }
}
