using Reeve.Doors.Vault;
using Reeve.Kernel.Journal;
using Reeve.Storage.Sqlite;
using Reeve.Tests.Shared;

namespace Reeve.Tests.Adversarial.Runs;

/// <summary>Changes the stored journal of a run behind the back of every host, as root could.</summary>
internal static class ForgedJournal
{
    public static Task SqlAsync(ReeveHarness reeve, string sql) => Task.Run(() =>
    {
        using var database = Database.Open(Path.Combine(reeve.Data, "journal.db"), Opening.Write);
        database.DoScript(
            "DROP TRIGGER IF EXISTS event_is_never_changed; DROP TRIGGER IF EXISTS event_is_never_deleted;" + sql);
    });

    public static async Task<List<StoredEvent>> ReadAsync(ReeveHarness reeve, RunKey run)
    {
        await using var store = await SqliteRunStore.OpenAsync(reeve.Data, TimeProvider.System, CancellationToken.None);
        var stored = new List<StoredEvent>();

        await foreach (var entry in store.ReadAsync(run, 1, CancellationToken.None))
        {
            stored.Add(entry);
        }

        return stored;
    }

    /// <summary>Rewrites one entry and gives it the right hash of its new bytes; the next one still names the
    /// old.</summary>
    public static Task RewriteAsync(ReeveHarness reeve, StoredEvent stored, Func<RunEvent, RunEvent> change)
    {
        var bytes = EventEnvelope.Encode(change(EventEnvelope.Decode(stored.Bytes)));
        return SqlAsync(reeve, Update(stored.Sequence, bytes));
    }

    /// <summary>Rewrites one entry and every later one, so that the chain holds again: only who has the keys of the
    /// data directory can put a payload of their own behind it.</summary>
    public static async Task RewriteChainAsync(
        ReeveHarness reeve, RunKey run, long from, Func<RunEvent, RunEvent> change)
    {
        var all = await ReadAsync(reeve, run);
        var previous = all[(int)from - 2].Self;
        var sql = "";

        foreach (var stored in all.Skip((int)from - 1))
        {
            var entry = EventEnvelope.Decode(stored.Bytes) with { Previous = previous };
            var bytes = EventEnvelope.Encode(stored.Sequence == from ? change(entry) : entry);
            previous = ChainHash.Of(bytes);
            sql += Update(stored.Sequence, bytes);
        }

        await SqlAsync(reeve, sql + $"UPDATE run SET head = x'{previous}';");
    }

    /// <summary>Seals a payload with the run's own key and stores it.</summary>
    public static async Task<PayloadRef> AddPayloadAsync(ReeveHarness reeve, RunKey run, byte[] payload)
    {
        var entropy = new SystemEntropy();
        await using var store = await SqliteRunStore.OpenAsync(reeve.Data, TimeProvider.System, CancellationToken.None);
        var record = (await store.FindAsync(run, CancellationToken.None))!;
        using var keys = await MasterKey.OpenAsync(reeve.Data, isEmpty: false, CancellationToken.None);
        using var sealer = new PayloadSealer(run, keys.Unwrap(run, record.WrappedKey), entropy);
        var stored = sealer.Seal(payload);
        await SqlAsync(
            reeve,
            "INSERT INTO payload (tenant, run, commitment, sealed) SELECT tenant, run, "
            + $"x'{stored.Ref.Hex}', x'{Convert.ToHexString(stored.Sealed)}' FROM run;");

        return stored.Ref;
    }

    private static string Update(long sequence, byte[] bytes) =>
        $"UPDATE event SET bytes = x'{Convert.ToHexString(bytes)}', self = x'{ChainHash.Of(bytes)}' "
        + $"WHERE sequence = {sequence};";
}
