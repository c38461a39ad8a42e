using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Storage.Sqlite;

/// <summary>Sessions as questions: a list of runs, and a name that is kept apart from them.</summary>
internal static class Sessions
{
    public static List<SessionRecord> List(Database database, TenantId tenant, string? workspaceId, int countMax)
    {
        using var rows = database.Ask(Question.ListSessions).Bind(tenant.Name).Bind(workspaceId).Bind(countMax);
        var sessions = new List<SessionRecord>();

        while (rows.Next())
        {
            sessions.Add(new SessionRecord(
                new RunKey(tenant, RunId.FromBytes(rows.Blob(0))),
                new RunKey(tenant, RunId.FromBytes(rows.Blob(1))),
                (int)rows.Number(2),
                Rows.Instant(rows.Number(3)),
                Rows.Instant(rows.Number(4)),
                rows.IsNull(5) ? [] : rows.Blob(5).ToArray()));
        }

        return sessions;
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
