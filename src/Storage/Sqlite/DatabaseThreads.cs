namespace Reeve.Storage.Sqlite;

/// <summary>Threads that do the work of one queue, so that callers do not wait in line on threads of their
/// own.</summary>
internal sealed class DatabaseThreads : IAsyncDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly TaskCompletionSource[] _ended;
    private readonly Func<Work, WorkQueue, bool> _tryAlone;

    /// <param name="serve">What each thread, one for each, does until an empty batch tells it to end.</param>
    /// <param name="tryAlone">May do a work that comes alone at once, on the thread of its caller.</param>
    public DatabaseThreads(
        string name, IEnumerable<Action<WorkQueue>> serve, Func<Work, WorkQueue, bool> tryAlone)
    {
        _tryAlone = tryAlone;
        _ended = [.. serve.Select(act => Start(name, act))];
    }

    public Task<T> DoAsync<T>(Func<Database, T> act, CancellationToken cancellationToken, bool isSynced = true)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var work = new Work<T>(act) { IsSynced = isSynced };

        return _queue.IsIdle && _tryAlone(work, _queue) ? work.Done : _queue.DoAsync(work, cancellationToken);
    }

    /// <summary>As above, for what may take long: never on the thread of its caller.</summary>
    public Task<T> DoLaterAsync<T>(Func<Database, T> act, CancellationToken cancellationToken) =>
        _queue.DoAsync(new Work<T>(act), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _queue.Close(_ended.Length);
        await Task.WhenAll(_ended.Select(ended => ended.Task));
        _queue.Dispose();
    }

    private TaskCompletionSource Start(string name, Action<WorkQueue> serve)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            serve(_queue);
            ended.SetResult();
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();

        return ended;
    }
}
