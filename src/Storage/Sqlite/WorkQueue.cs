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

    /// <summary>Blocks until there is work; null when the queue is closed and drained.</summary>
    public Work? Take()
    {
        _count.Wait();

        // The count of a closed queue is one higher for each thread, which ends at the one that brings nothing.
        if (!_waiting.TryDequeue(out var work))
        {
            return null;
        }

        _room.Release();
        return work;
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
