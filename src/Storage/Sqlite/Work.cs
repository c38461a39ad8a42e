using Reeve.Authority;

namespace Reeve.Storage.Sqlite;

/// <summary>Something a caller awaits and a database thread does.</summary>
internal abstract class Work
{
    /// <summary>Whether its commit waits for the disk; otherwise the next one that does takes it along.</summary>
    public bool IsSynced { get; init; } = true;

    /// <summary>Does it and keeps the outcome, which nobody sees before <see cref="Acknowledge"/>.</summary>
    /// <remarks>A refusal is an outcome too, provided that it came before the first change.</remarks>
    public abstract void Run(Database database);

    public abstract void Acknowledge();

    public abstract void Fail(Exception failure);
}

internal sealed class Work<T>(Func<Database, T> act) : Work
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private ProblemException? _refusal;

    public Task<T> Done => _done.Task;

    public override void Run(Database database)
    {
        _refusal = null;
        var changes = database.Changes;

        try
        {
            _result = act(database);
        }
        catch (ProblemException refusal) when (database.Changes == changes)
        {
            _refusal = refusal;
        }
    }

    public override void Acknowledge()
    {
        if (_refusal is { } refusal)
        {
            _done.SetException(refusal);
        }
        else
        {
            _done.SetResult(_result!);
        }
    }

    public override void Fail(Exception failure) => _done.SetException(failure);
}
