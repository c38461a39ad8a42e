namespace Reeve.Storage.Sqlite;

/// <summary>The one who writes in this process: what waits is committed together, with one wait for the
/// disk.</summary>
/// <remarks>
/// Each work of a batch stands alone: one that is refused leaves the others as they are, and one that fails midway
/// sends the whole batch back to be done one by one. Nothing is acknowledged before the commit. A caller who comes
/// alone writes on its own thread, which spares it two changes of threads; all others leave it to the writing thread.
/// </remarks>
internal sealed class Writer(DataFiles files)
{
    public const int BatchMax = 256;

    /// <summary>How often a batch gives way to callers who may join it.</summary>
    private const int YieldsMax = 200;

    private readonly Lock _turn = new();
    private Database? _database;
    private int _expected;
    private int _patience = YieldsMax;
    private bool _hasEnded;

    public void Serve(WorkQueue queue)
    {
        var batch = new List<Work>(BatchMax);

        for (queue.Take(batch, BatchMax); batch.Count > 0; queue.Take(batch, BatchMax))
        {
            lock (_turn)
            {
                Commit(batch, queue);
                // Those who wait, and those who were just answered and are about to ask again.
                _expected = queue.Finish(batch.Count) + batch.Count;
            }

            GiveWay(queue);
        }

        lock (_turn)
        {
            _hasEnded = true;
            _database?.Dispose();
        }
    }

    /// <summary>Does the work on this thread if nobody else writes, here or in another process.</summary>
    /// <returns>False when it has not been begun.</returns>
    public bool TryAlone(Work work, WorkQueue queue)
    {
        if (!_turn.TryEnter())
        {
            return false;
        }

        try
        {
            var isDone = !_hasEnded && _expected <= 1 && _database is { } database
                && (work.IsSynced ? TryCommit(work, database) : TryCommitUnsynced(work, database));
            _expected = isDone ? queue.WaitingCount + 1 : _expected;

            return isDone;
        }
        finally
        {
            _turn.Exit();
        }
    }

    private bool TryCommit(Work work, Database database)
    {
        if (!database.TryBegin())
        {
            return false;
        }

        CommitAlone(work, database);

        return true;
    }

    private bool TryCommitUnsynced(Work work, Database database)
    {
        try
        {
            database.DoScript("PRAGMA synchronous = NORMAL");
            return TryCommit(work, database);
        }
        finally
        {
            SyncAgain();
        }
    }

    // A connection that might go on without waiting for the disk is not kept.
    private void SyncAgain()
    {
        try
        {
            _database?.DoScript("PRAGMA synchronous = FULL");
        }
        catch (SqliteFailure)
        {
            _database?.Dispose();
            _database = null;
        }
    }

    private void CommitAlone(Work work, Database database)
    {
        try
        {
            try
            {
                work.Run(database);
                database.Commit();
            }
            catch
            {
                database.RollBack();
                throw;
            }

            work.Acknowledge();
        }
        catch (SqliteFailure failure)
        {
            DropConnection(failure);
            work.Fail(failure.ToException());
        }
        catch (Exception failure)
        {
            // A bug of the one who asked, or a refusal that came too late; either is handed to its caller.
            work.Fail(failure);
        }
    }

    /// <param name="joining">From where others may join; null for a batch that stays as it is.</param>
    private void Commit(List<Work> batch, WorkQueue? joining)
    {
        try
        {
            Together(batch, joining);
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
            batch.ForEach(work => Commit([work], joining: null));
        }
    }

    private void Together(List<Work> batch, WorkQueue? joining)
    {
        _database ??= Database.Open(files.Path, Opening.Write);

        try
        {
            _database.Begin();

            for (var done = 0; done < batch.Count || IsJoined(batch, joining); done++)
            {
                batch[done].Run(_database);
            }

            _database.Commit();
        }
        catch
        {
            _database.RollBack();
            throw;
        }

        batch.ForEach(work => work.Acknowledge());
    }

    // Whoever asks while the others are being done is still in time. Those who are expected are waited for a moment:
    // one wait for the disk then serves all of them and not half. Where that was in vain it is done less.
    private bool IsJoined(List<Work> batch, WorkQueue? joining)
    {
        if (joining is null)
        {
            return false;
        }

        for (var yields = 0; !joining.TryTake(batch, BatchMax); yields++)
        {
            if (batch.Count >= Math.Min(_expected, BatchMax))
            {
                return false;
            }

            if (yields == _patience)
            {
                _patience = Math.Max(_patience / 2, 1);
                return false;
            }

            Thread.Yield();
        }

        _patience = Math.Min(_patience * 2, YieldsMax);

        return true;
    }

    // To fall asleep and to be woken takes longer than the callers need to ask again.
    private void GiveWay(WorkQueue queue)
    {
        for (var yields = 0; _expected > 1 && yields < YieldsMax && queue.WaitingCount == 0; yields++)
        {
            Thread.Yield();
        }
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
