using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Storage.Sqlite;

/// <summary>Readings of journals. An entry whose bytes do not match its hash is never handed out.</summary>
internal static class Journals
{
    public const int PageEventsMax = 256;

    public static long? Head(Database database, RunKey run)
    {
        using var head = database.Ask(Question.FindHead).Bind(run);
        return head.Next() ? head.Number(0) : null;
    }

    public static bool HasNone(Database database) => database.Number("SELECT EXISTS (SELECT 1 FROM run)") == 0;

    /// <summary>The entries from a sequence on, up to the first damaged one, whose problem comes with them.</summary>
    public static JournalPage Page(Database database, RunKey run, long fromSequence)
    {
        var head = Head(database, run);
        var events = new List<StoredEvent>();

        if (head is null)
        {
            return new JournalPage(events, IsLast: true, Damaged: null, Found: false);
        }

        var next = fromSequence;

        try
        {
            using var rows = database.Ask(Question.ReadEvents).Bind(run).Bind(fromSequence).Bind(PageEventsMax);

            while (rows.Next())
            {
                if (!IsSound(rows, next))
                {
                    return new JournalPage(events, IsLast: true, Damaged: next, Found: true);
                }

                events.Add(Rows.Event(rows, 0));
                next++;
            }
        }
        catch (SqliteFailure failure) when (failure.IsDamage)
        {
            return new JournalPage(events, IsLast: true, Damaged: next, Found: true);
        }

        var isLast = events.Count < PageEventsMax;
        return new JournalPage(events, isLast, isLast && next <= head ? next : null, Found: true);
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
}

/// <summary>Some entries in order.</summary>
/// <param name="Damaged">The sequence that should have come next and is not sound.</param>
internal sealed record JournalPage(IReadOnlyList<StoredEvent> Events, bool IsLast, long? Damaged, bool Found);
