namespace Reeve.Storage.Sqlite;

/// <summary>Threads that do the work of one queue, so that no caller's thread ever waits for the disk.</summary>
internal sealed class DatabaseThreads : IAsyncDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly TaskCompletionSource[] _ended;

    /// <param name="serve">What each thread does until the queue has nothing more.</param>
    public DatabaseThreads(string name, int count, Action<WorkQueue> serve)
    {
        _ended = [.. Enumerable.Range(0, count).Select(_ => Start(name, serve))];
    }

    public Task<T> DoAsync<T>(Func<Database, T> act, CancellationToken cancellationToken) =>
        _queue.DoAsync(act, cancellationToken);

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
