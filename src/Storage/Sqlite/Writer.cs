namespace Reeve.Storage.Sqlite;

/// <summary>The one writing connection of this process: what waits is committed together, with one wait for the
/// disk.</summary>
/// <remarks>
/// Group commit with a leader: whoever finds nobody committing commits what waits, on its own thread, so that a run
/// that is alone changes no thread for a write. What queued up meanwhile is left to a thread kept for it, so that
/// no caller works for the others for long.
/// Each work of a batch stands alone: one that is refused leaves the others as they are, and one that fails midway
/// sends the whole batch back to be done one by one. Nothing is acknowledged before the commit.
/// </remarks>
internal sealed class Writer : IAsyncDisposable
{
    public const int WaitingMax = 4_096;

    public const int BatchMax = 256;

    private readonly DataFiles _files;
    private readonly Lock _gate = new();
    private readonly Queue<Work> _waiting = new();
    private readonly SemaphoreSlim _room = new(WaitingMax);
    private readonly SemaphoreSlim _handedOver = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Database? _database;
    private bool _isLed;
    private bool _isClosed;

    public Writer(DataFiles files)
    {
        _files = files;
        new Thread(Drain) { Name = "reeve-store-write", IsBackground = true }.Start();
    }

    /// <summary>Waits for room, then hands the work over: from then on it is done whatever the caller does.</summary>
    public async Task<T> DoAsync<T>(Func<Database, T> act, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);

        var work = new Work<T>(act);

        if (Add(work))
        {
            Lead();
        }

        return await work.Done;
    }

    public async ValueTask DisposeAsync()
    {
        if (TryClose())
        {
            _handedOver.Release();
        }

        await _ended.Task;
        _room.Dispose();
        _handedOver.Dispose();
    }

    /// <returns>Whether nobody commits now, so that the caller has to.</returns>
    private bool Add(Work work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting.Enqueue(work);

            return TryTakeLead();
        }
    }

    /// <returns>Whether the thread has to be woken; otherwise whoever leads hands the end to it.</returns>
    private bool TryClose()
    {
        lock (_gate)
        {
            _isClosed = true;

            return TryTakeLead();
        }
    }

    private bool TryTakeLead()
    {
        var isFree = !_isLed;
        _isLed = true;

        return isFree;
    }

    private bool TryStepDown()
    {
        lock (_gate)
        {
            _isLed = _waiting.Count > 0 || _isClosed;

            return !_isLed;
        }
    }

    /// <summary>One batch on the caller's thread; the rest, and with it the lead, goes to the kept thread.</summary>
    private void Lead()
    {
        var batch = new List<Work>();

        if (TryTake(batch))
        {
            Commit(batch);
        }

        if (!TryStepDown())
        {
            _handedOver.Release();
        }
    }

    /// <summary>Whoever is handed the lead finds work, or the end.</summary>
    private void Drain()
    {
        var batch = new List<Work>(BatchMax);
        _handedOver.Wait();

        while (TryTake(batch))
        {
            Commit(batch);
            Gather(batch.Count);

            if (TryStepDown())
            {
                _handedOver.Wait();
            }
        }

        _database?.Dispose();
        _ended.SetResult();
    }

    /// <summary>Gives way to callers for a moment, until as many wait as were just answered.</summary>
    /// <remarks>
    /// They are about to ask again; one wait for the disk then serves all of them and not half.
    /// </remarks>
    private void Gather(int answered)
    {
        const int CrowdMin = 4;
        const int YieldsMax = 200;

        for (var yields = 0; answered >= CrowdMin && yields < YieldsMax && Count() < answered; yields++)
        {
            Thread.Yield();
        }
    }

    private int Count()
    {
        lock (_gate)
        {
            return _waiting.Count;
        }
    }

    /// <returns>False when nothing waits.</returns>
    private bool TryTake(List<Work> batch)
    {
        batch.Clear();

        lock (_gate)
        {
            while (batch.Count < BatchMax && _waiting.TryDequeue(out var work))
            {
                batch.Add(work);
            }
        }

        if (batch.Count > 0)
        {
            _room.Release(batch.Count);
        }

        return batch.Count > 0;
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
        _database ??= Database.Open(_files.Path, Opening.Write);

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
