namespace Reeve.Storage.Sqlite;

/// <summary>The one writing thread of this process: what waits is committed together, with one wait for the
/// disk.</summary>
/// <remarks>
/// Each work of a batch stands alone: one that is refused leaves the others as they are, and one that fails midway
/// sends the whole batch back to be done one by one. Nothing is acknowledged before the commit.
/// </remarks>
internal sealed class Writer(DataFiles files)
{
    public const int BatchMax = 256;

    private Database? _database;

    public void Serve(WorkQueue queue)
    {
        var batch = new List<Work>(BatchMax);

        for (queue.Take(batch, BatchMax); batch.Count > 0; queue.Take(batch, BatchMax))
        {
            Commit(batch);
            queue.Gather(batch.Count);
        }

        _database?.Dispose();
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            Together(batch);
        }
        catch (SqliteFailure failure) when (failure.IsBusy || batch.Count == 1)
        {
            // Waiting again for each one would keep callers for as long as a lock can be held, times the batch.
            DropConnection(failure);
            Fail(batch, failure.ToException());
        }
        catch (Exception failure) when (batch.Count == 1)
        {
            // A bug of the one who asked, or a refusal that came too late; either is handed to its caller.
            Fail(batch, failure);
        }
        catch (Exception)
        {
            batch.ForEach(work => Commit([work]));
        }
    }

    private void Together(List<Work> batch)
    {
        _database ??= Database.Open(files.Path, Opening.Write);

        try
        {
            _database.Do("BEGIN IMMEDIATE");
            batch.ForEach(work => work.Run(_database));
            _database.Do("COMMIT");
        }
        catch
        {
            _database.RollBack();
            throw;
        }

        batch.ForEach(work => work.Acknowledge());
    }

    // Opened anew at the next work: a directory that could not be written may be writable by then.
    private void DropConnection(SqliteFailure failure)
    {
        if (failure.IsRefusedWrite)
        {
            _database?.Dispose();
            _database = null;
        }
    }

    private static void Fail(List<Work> batch, Exception failure) => batch.ForEach(work => work.Fail(failure));
}
