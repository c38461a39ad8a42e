using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Storage.Sqlite;

/// <summary>Sessions as questions: a list of runs, and a name that is kept apart from them.</summary>
internal static class Sessions
{
    /// <summary>Newest run first: the first one that is met of a session is its head.</summary>
    public static List<SessionRecord> List(Database database, TenantId tenant, string? workspaceId, int countMax)
    {
        const int All = -1;
        var heads = new Dictionary<RunId, RunRecord>();
        using (var rows = workspaceId is null
            ? database.Ask(Question.ListRuns).Bind(tenant.Name).Bind(All)
            : database.Ask(Question.ListRunsOfWorkspace).Bind(tenant.Name).Bind(workspaceId).Bind(All))
        {
            while (heads.Count < countMax && rows.Next())
            {
                // What was erased is not listed: there is nothing left to go on with.
                if (Rows.Record(rows) is { IsErased: false } record)
                {
                    heads.TryAdd(record.Session, record);
                }
            }
        }

        return [.. heads.Values.Select(head => Of(database, head))];
    }

    /// <summary>The runs of a session, oldest first.</summary>
    public static List<RunRecord> Runs(Database database, RunKey session) =>
    [
        .. Rows.Records(database.Ask(Question.FindRun).Bind(session)),
        .. Rows.Records(database.Ask(Question.ListRunsOfSession).Bind(session)),
    ];

    private static SessionRecord Of(Database database, RunRecord head)
    {
        var session = head.Run with { Run = head.Session };
        var runs = Runs(database, session);

        return new SessionRecord(
            session, head.Run, runs.Count, runs[0].CreatedAt, runs.Max(run => run.Projection.UpdatedAt),
            NameOf(database, session) ?? []);
    }

    public static RunId? Find(Database database, TenantId tenant, string pseudonym)
    {
        using var row = database.Ask(Question.FindSession).Bind(tenant.Name).Bind(pseudonym);
        return row.Next() ? RunId.FromBytes(row.Blob(0)) : null;
    }

    public static byte[]? NameOf(Database database, RunKey session)
    {
        using var row = database.Ask(Question.FindSessionName).Bind(session);
        return row.Next() ? row.Blob(0).ToArray() : null;
    }

    /// <returns>False when another session has the name: then nothing was changed.</returns>
    public static bool Name(Database database, RunKey session, string? pseudonym, byte[] sealedName)
    {
        if (pseudonym is null)
        {
            database.Do(database.Ask(Question.UnnameSession).Bind(session));
            return true;
        }

        if (Find(database, session.Tenant, pseudonym) is { } holder && holder != session.Run)
        {
            return false;
        }

        database.Do(database.Ask(Question.NameSession).Bind(session).Bind(pseudonym).Bind(sealedName));
        return true;
    }

    public static bool EraseAll(Database database, RunKey run)
    {
        database.Do(database.Ask(Question.ErasePayloads).Bind(run));
        database.Do(database.Ask(Question.EraseMessages).Bind(run));
        return database.Do(database.Ask(Question.EraseKey).Bind(run)) > 0;
    }
}
