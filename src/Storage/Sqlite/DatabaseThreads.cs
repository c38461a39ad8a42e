namespace Reeve.Storage.Sqlite;

/// <summary>Threads that do the work of one queue, so that no caller's thread ever waits for the disk.</summary>
internal sealed class DatabaseThreads : IAsyncDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly TaskCompletionSource[] _ended;
    private readonly Func<Work, WorkQueue, bool>? _tryAlone;

    /// <param name="serve">What each thread does until an empty batch tells it to end.</param>
    /// <param name="tryAlone">May do a work that comes alone at once, on the thread of its caller.</param>
    public DatabaseThreads(
        string name, int count, Action<WorkQueue> serve, Func<Work, WorkQueue, bool>? tryAlone = null)
    {
        _tryAlone = tryAlone;
        _ended = [.. Enumerable.Range(0, count).Select(_ => Start(name, serve))];
    }

    public Task<T> DoAsync<T>(Func<Database, T> act, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var work = new Work<T>(act);

        return _tryAlone is not null && _queue.IsIdle && _tryAlone(work, _queue)
            ? work.Done
            : _queue.DoAsync(work, cancellationToken);
    }

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
