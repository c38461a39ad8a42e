using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Storage.Sqlite;

/// <summary>Readings of journals. An entry whose bytes do not match its hash is never handed out.</summary>
internal static class Journals
{
    public const int PageEventsMax = 256;

    public static JournalHead? Head(Database database, RunKey run)
    {
        using var head = database.Ask(Question.FindHead).Bind(run);

        return head.Next()
            ? new JournalHead(
                head.Number(0),
                ChainHash.FromBytes(head.Blob(1)),
                head.Number(2),
                (int)head.Number(3),
                head.Number(4) == 1)
            : null;
    }

    public static bool HasNone(Database database) => database.Number("SELECT EXISTS (SELECT 1 FROM run)") == 0;

    /// <summary>Where the entries from a sequence on are, up to the first that is missing.</summary>
    public static JournalMap Map(Database database, RunKey run, long fromSequence)
    {
        var head = Head(database, run) ?? throw StoreProblems.Refusal(StoreProblems.NotFound);
        var count = Math.Max(head.Sequence - fromSequence + 1, 0);

        if (count == 0)
        {
            return new JournalMap([], Missing: null);
        }

        var chain = Collect(database.Ask(Question.FollowChain)
            .Bind(head.Position).Bind(head.Sequence).Bind(run).Bind(fromSequence));

        if (chain.Count == count)
        {
            chain.Reverse();
            return new JournalMap([.. chain.Select(entry => entry.Position)], Missing: null);
        }

        var found = Collect(database.Ask(Question.SearchDamaged).Bind(run).Bind(fromSequence))
            .TakeWhile((entry, place) => entry.Sequence == fromSequence + place)
            .Select(entry => entry.Position)
            .ToList();

        return new JournalMap(found, found.Count < count ? fromSequence + found.Count : null);
    }

    /// <summary>The entry at a position, or null when it is not what was stored there.</summary>
    public static StoredEvent? Entry(Database database, long position, long sequence)
    {
        try
        {
            using var row = database.Ask(Question.ReadEvent).Bind(position);
            return row.Next() && IsSound(row, sequence) ? Rows.Event(row, 0) : null;
        }
        catch (SqliteFailure failure) when (failure.IsDamage)
        {
            return null;
        }
    }

    /// <summary>The entries at some positions, up to the first that is damaged.</summary>
    public static List<StoredEvent> Page(Database database, IEnumerable<long> positions, long fromSequence)
    {
        var events = new List<StoredEvent>();

        foreach (var position in positions)
        {
            if (Entry(database, position, fromSequence + events.Count) is not { } entry)
            {
                break;
            }

            events.Add(entry);
        }

        return events;
    }

    public static List<PositionedEvent> Tail(Database database, TenantId tenant, long afterPosition, int countMax)
    {
        using var rows = database.Ask(Question.TailEvents).Bind(afterPosition).Bind(tenant.Name).Bind(countMax);
        var events = new List<PositionedEvent>();

        while (rows.Next())
        {
            var run = new RunKey(tenant, RunId.FromBytes(rows.Blob(1)));
            events.Add(new PositionedEvent(rows.Number(0), run, Rows.Event(rows, 2)));
        }

        return events;
    }

    public static List<RunKey> Due(Database database, DateTimeOffset now, int countMax)
    {
        using var rows = database.Ask(Question.DueRuns).Bind(now).Bind(countMax);
        var runs = new List<RunKey>();

        while (rows.Next())
        {
            runs.Add(Rows.Run(rows, 0));
        }

        return runs;
    }

    public static byte[]? Payload(Database database, RunKey run, PayloadRef payload)
    {
        using var row = database.Ask(Question.FindPayload).Bind(run).Bind(payload);
        return row.Next() ? row.Blob(0).ToArray() : null;
    }

    public static RunId? FindByIdempotencyKey(Database database, TenantId tenant, string key)
    {
        using var row = database.Ask(Question.FindByIdempotencyKey).Bind(tenant.Name).Bind(key);
        return row.Next() ? RunId.FromBytes(row.Blob(0)) : null;
    }

    private static bool IsSound(Statement row, long sequence) =>
        row.Number(0) == sequence
        && row.Blob(4).Length == ChainHash.Bytes
        && ChainHash.FromBytes(row.Blob(4)) == ChainHash.Of(row.Blob(3));

    // What could be read before the damage is worth having: it tells where the damage begins.
    private static List<(long Position, long Sequence)> Collect(Statement rows)
    {
        using (rows)
        {
            var places = new List<(long, long)>();

            try
            {
                while (rows.Next())
                {
                    places.Add((rows.Number(0), rows.Number(1)));
                }
            }
            catch (SqliteFailure failure) when (failure.IsDamage)
            {
                return places;
            }

            return places;
        }
    }
}

/// <summary>What an append is compared with.</summary>
internal sealed record JournalHead(long Sequence, ChainHash Hash, long Position, int Epoch, bool IsHeld);

/// <summary>Positions in the order of sequences.</summary>
/// <param name="Missing">The first sequence that is not where it should be.</param>
internal sealed record JournalMap(IReadOnlyList<long> Positions, long? Missing);
