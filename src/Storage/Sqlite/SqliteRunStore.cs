using System.Runtime.CompilerServices;
using Reeve.Authority;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Storage.Migrations;

namespace Reeve.Storage.Sqlite;

/// <summary>Journals in one SQLite file, which any number of processes of this machine may share.</summary>
/// <remarks>
/// One thread of each process at a time writes and commits whatever waits together; a few others read. A call that
/// returned has been made durable (write-ahead log, synchronous = FULL; sqlite.org/wal.html), but for leases: those
/// outlive every process, and a loss of power ends all who held one. A file that cannot be written is still
/// read.
/// </remarks>
public sealed class SqliteRunStore : IRunStore
{
    /// <summary>How many entries one append may add.</summary>
    public const int EventsMax = 1_024;

    public const int PayloadBytesMax = 64 << 20;

    /// <summary>How often a lease is tried for while its holders are found dead one after the other.</summary>
    private const int TakeoversMax = 8;

    private const int ReaderThreadsMax = 4;

    private readonly DataFiles _files;
    private readonly TimeProvider _time;
    private readonly DatabaseThreads _writer;
    private readonly DatabaseThreads _readers;
    private readonly Watcher _watcher;

    private SqliteRunStore(DataFiles files, TimeProvider time)
    {
        _files = files;
        _time = time;
        _watcher = new Watcher(files, time);
        var writer = new Writer(files);
        _writer = new DatabaseThreads("reeve-store-write", [writer.Serve], writer.TryAlone);
        Reader[] readers = [.. Enumerable.Range(0, ReaderThreadsMax).Select(_ => new Reader(files))];
        _readers = new DatabaseThreads(
            "reeve-store-read", readers.Select(reader => (Action<WorkQueue>)reader.Serve),
            (work, _) => Array.Exists(readers, reader => reader.TryAlone(work)));
    }

    /// <summary>Whether no run was stored when it was opened.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Opens the store in a directory, makes it when there is none, and brings it up to date.</summary>
    /// <exception cref="ProblemException">
    /// <c>store.library_missing</c>, <c>store.permissions</c>, <c>store.newer_schema</c>, <c>store.corrupt</c> …
    /// </exception>
    public static Task<SqliteRunStore> OpenAsync(
        string directory, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(directory, time, Migration.All, cancellationToken);

    internal static async Task<SqliteRunStore> OpenAsync(
        string directory, TimeProvider time, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        SqliteLibrary.ThrowIfMissing();

        var files = new DataFiles(directory);
        files.Prepare();

        var store = new SqliteRunStore(files, time);

        try
        {
            await store.MigrateAsync(new Migrator(migrations, files, time), cancellationToken);
            store.IsEmpty = await store.ReadAsync(Journals.HasNone, cancellationToken);

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public Task AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        Appending.ThrowIfMalformed(request);

        return WriteAsync(
            database =>
            {
                Appending.Append(database, request);
                return true;
            },
            cancellationToken);
    }

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        RunKey run, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Math.Max(fromSequence, 1);
        var first = next;
        var map = await ReadAsync(database => Journals.Map(database, run, first), cancellationToken);

        foreach (var positions in map.Positions.Chunk(Journals.PageEventsMax))
        {
            var begin = next;
            var page = await ReadAsync(
                database => Journals.Page(database, positions, begin), cancellationToken);

            foreach (var read in page)
            {
                next++;
                yield return read;
            }

            if (page.Count < positions.Length)
            {
                throw StoreProblems.Refusal(StoreProblems.Damaged(run, next));
            }
        }

        if (map.Missing is { } missing)
        {
            throw StoreProblems.Refusal(StoreProblems.Damaged(run, missing));
        }
    }

    public Task<RunRecord?> FindAsync(RunKey run, CancellationToken cancellationToken) =>
        ReadAsync(
            database => Rows.Records(database.Ask(Question.FindRun).Bind(run)).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RunRecord>>(
            database => Rows.Records(workspaceId is null
                ? database.Ask(Question.ListRuns).Bind(tenant.Name).Bind(countMax)
                : database.Ask(Question.ListRunsOfWorkspace).Bind(tenant.Name).Bind(workspaceId).Bind(countMax)),
            cancellationToken);

    public async Task<IReadOnlyList<RunRecord>> FindByPrefixAsync(
        TenantId tenant, string prefix, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(prefix.PadRight(RunId.TextLength, '0'), out var first))
        {
            return [];
        }

        // The last digit of an identifier that has no prefix would be past the last 128-bit number.
        var last = RunId.TryParse(prefix.PadRight(RunId.TextLength, 'z'), out var end)
            ? end.Value
            : new RunId(UInt128.MaxValue);

        return await ReadAsync<IReadOnlyList<RunRecord>>(
            database => Rows.Records(database.Ask(Question.FindRunsBetween)
                .Bind(tenant.Name).Bind(first.Value.ToBytes()).Bind(last.ToBytes())),
            cancellationToken);
    }

    public async Task<Lease?> TryLeaseAsync(
        RunKey run, LeaseOwner owner, TimeSpan duration, Func<LeaseOwner, bool> mayTakeOver,
        CancellationToken cancellationToken)
    {
        int? deadEpoch = null;

        for (var tries = 0; tries < TakeoversMax; tries++)
        {
            var dead = deadEpoch;
            var taken = await WriteAsync(
                database => Leases.Take(database, run, owner, _time.GetUtcNow(), duration, dead), cancellationToken,
                isSynced: false);

            if (taken is not null)
            {
                return taken;
            }

            // Asked outside of any transaction: whether a process lives is not for the writing thread to find out.
            var holder = await ReadAsync(
                database => Leases.Holder(database, run, _time.GetUtcNow()), cancellationToken);

            if (holder is not null && !mayTakeOver(holder.Owner))
            {
                return null;
            }

            deadEpoch = holder?.Epoch;
        }

        return null;
    }

    public Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken) =>
        WriteAsync(
            database => Leases.Renew(database, lease, _time.GetUtcNow() + duration), cancellationToken,
            isSynced: false);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        WriteAsync(database => Leases.Release(database, lease), cancellationToken, isSynced: false);

    public Task<LeaseOwner?> HolderAsync(RunKey run, CancellationToken cancellationToken) =>
        ReadAsync(database => Leases.Holder(database, run, _time.GetUtcNow())?.Owner, cancellationToken);

    public async Task<long> PostAsync(
        RunKey run, InboxKind kind, byte[] sealedBody, CancellationToken cancellationToken)
    {
        var posted = await WriteAsync(
            database => Inboxes.Post(database, run, kind, sealedBody), cancellationToken);
        _watcher.Changes.Posted(run);

        return posted;
    }

    public Task<IReadOnlyList<InboxMessage>> PendingAsync(RunKey run, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<InboxMessage>>(database => Inboxes.Pending(database, run), cancellationToken);

    public Task WaitForMessageAsync(RunKey run, CancellationToken cancellationToken) =>
        _watcher.Changes.WaitAsync(run, cancellationToken);

    public Task<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RunKey>>(database => Journals.Due(database, now, countMax), cancellationToken);

    public Task<IReadOnlyList<PositionedEvent>> TailAsync(
        TenantId tenant, long afterPosition, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<PositionedEvent>>(
            database => Journals.Tail(database, tenant, afterPosition, countMax), cancellationToken);

    public Task<byte[]?> PayloadAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken) =>
        ReadAsync(database => Journals.Payload(database, run, payload), cancellationToken);

    public async Task EraseAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken)
    {
        await WriteAsync(
            database => database.Do(database.Ask(Question.ErasePayload).Bind(run).Bind(payload)), cancellationToken);

        await TruncateAsync(cancellationToken);
    }

    public async Task EraseAllAsync(RunKey run, CancellationToken cancellationToken)
    {
        await WriteAsync(database => Sessions.EraseAll(database, run), cancellationToken);
        await TruncateAsync(cancellationToken);
    }

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SessionRecord>>(
            database => Sessions.List(database, tenant, workspaceId, countMax), cancellationToken);

    public Task<IReadOnlyList<RunRecord>> RunsOfSessionAsync(
        RunKey session, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RunRecord>>(database => Sessions.Runs(database, session), cancellationToken);

    public Task<bool> NameSessionAsync(
        RunKey session, string? pseudonym, byte[] sealedName, CancellationToken cancellationToken) =>
        WriteAsync(database => Sessions.Name(database, session, pseudonym, sealedName), cancellationToken);

    public Task<byte[]?> SessionNameAsync(RunKey session, CancellationToken cancellationToken) =>
        ReadAsync(database => Sessions.NameOf(database, session), cancellationToken);

    public Task<RunId?> FindSessionByNameAsync(
        TenantId tenant, string pseudonym, CancellationToken cancellationToken) =>
        ReadAsync(database => Sessions.Find(database, tenant, pseudonym), cancellationToken);

    private async Task TruncateAsync(CancellationToken cancellationToken)
    {
        // Until the log is emptied it still has what was in the file before.
        var isTruncated = await _readers.DoLaterAsync(_ => TruncateLog(_files), cancellationToken);

        if (!isTruncated)
        {
            throw StoreProblems.Refusal(StoreProblems.TracesRemain);
        }
    }

    public Task<RunId?> FindByIdempotencyKeyAsync(
        TenantId tenant, string key, CancellationToken cancellationToken) =>
        ReadAsync(database => Journals.FindByIdempotencyKey(database, tenant, key), cancellationToken);

    public Task<SharedLevel?> ChargeAsync(Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(database => Spendings.Charge(database, spending), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private async Task MigrateAsync(Migrator migrator, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(
                database =>
                {
                    migrator.Migrate(database);
                    return true;
                },
                cancellationToken);
        }
        catch (ProblemException refused) when (StoreProblems.IsRefusedWrite(refused.Problem))
        {
            // It cannot be written now. Reading goes on, as long as there is something to read.
            await ReadAsync(
                database =>
                {
                    migrator.ThrowUnlessCurrent(database);
                    return true;
                },
                cancellationToken);
        }
    }

    private static bool TruncateLog(DataFiles files)
    {
        using var database = Database.Open(files.Path, Opening.Write);
        return database.Number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
    }

    /// <param name="isSynced">False for what nobody misses after a loss of power.</param>
    private Task<T> WriteAsync<T>(
        Func<Database, T> act, CancellationToken cancellationToken, bool isSynced = true) =>
        _writer.DoAsync(act, cancellationToken, isSynced);

    private Task<T> ReadAsync<T>(Func<Database, T> act, CancellationToken cancellationToken) =>
        _readers.DoAsync(act, cancellationToken);
}
