namespace Reeve.Storage.Sqlite;

/// <summary>One reading thread with its own connection, opened at its first work.</summary>
/// <remarks>A caller who finds the connection unused reads with it on its own thread, which spares it two changes of
/// threads.</remarks>
internal sealed class Reader(DataFiles files)
{
    private readonly Lock _turn = new();
    private Database? _database;
    private bool _hasEnded;

    public void Serve(WorkQueue queue)
    {
        var batch = new List<Work>(1);

        for (queue.Take(batch, countMax: 1); batch.Count > 0; queue.Take(batch, countMax: 1))
        {
            lock (_turn)
            {
                Answer(batch[0]);
            }

            queue.Finish(batch.Count);
        }

        lock (_turn)
        {
            _hasEnded = true;
            DropConnection();
        }
    }

    /// <summary>Does the work on this thread if nobody else reads here now.</summary>
    /// <returns>False when it has not been begun.</returns>
    public bool TryAlone(Work work)
    {
        if (!_turn.TryEnter())
        {
            return false;
        }

        try
        {
            if (_hasEnded)
            {
                return false;
            }

            Answer(work);

            return true;
        }
        finally
        {
            _turn.Exit();
        }
    }

    private void Answer(Work work)
    {
        try
        {
            Run(work);
            work.Acknowledge();
        }
        catch (SqliteFailure failure)
        {
            DropConnection();
            work.Fail(failure.ToException());
        }
        catch (Exception failure)
        {
            // A bug of the one who asked is handed to its caller.
            work.Fail(failure);
        }
    }

    private void Run(Work work)
    {
        try
        {
            _database ??= Database.Open(files.Path, Opening.Read);
            work.Run(_database);
        }
        catch (SqliteFailure failure) when (failure.IsRefusedWrite && files.IsComplete)
        {
            // Reading needs an index beside the file, which cannot be made where nobody can write. The connection
            // is not kept: it would not notice when somebody writes again.
            DropConnection();
            using var immutable = Database.Open(files.Path, Opening.ReadImmutable);
            work.Run(immutable);
        }
    }

    private void DropConnection()
    {
        _database?.Dispose();
        _database = null;
    }
}
