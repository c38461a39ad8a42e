namespace Reeve.Storage.Sqlite;

/// <summary>Looks whether another process wrote to the file, on a thread and connection of its own.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly DatabaseThreads _threads;
    private readonly Changes _changes;
    private long _version = -1;
    private long _lastMessage;
    private int _isLooking;

    public Watcher(DataFiles files, TimeProvider time)
    {
        _changes = new Changes(time, BeginLook);
        var reader = new Reader(files);
        _threads = new DatabaseThreads(
            "reeve-store-watch", [reader.Serve], (work, _) => reader.TryAlone(work));
    }

    public Changes Changes => _changes;

    public async ValueTask DisposeAsync()
    {
        _changes.Dispose();
        await _threads.DisposeAsync();
    }

    private void BeginLook()
    {
        // A look that takes longer than the time between two is not begun twice.
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await _threads.DoAsync(Look, CancellationToken.None);
        }
        catch (Exception)
        {
            // Those who wait ask the store themselves, and are told what is wrong with it.
            _changes.WakeAll();
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private bool Look(Database database)
    {
        var version = database.Number("PRAGMA data_version");

        if (version == _version)
        {
            return false;
        }

        _version = version;
        (_lastMessage, var runs) = Inboxes.PostedAfter(database, _lastMessage);
        runs.ForEach(_changes.Posted);

        return true;
    }
}
