using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>Messages that wait for the holder of a run.</summary>
internal static class Inboxes
{
    public static long Post(Database database, RunKey run, InboxKind kind, byte[] sealedBody)
    {
        if (Journals.Head(database, run) is null)
        {
            throw StoreProblems.Refusal(StoreProblems.NotFound);
        }

        using var posted = database.Ask(Question.PostMessage)
            .Bind(run).Bind((long)kind).Bind(sealedBody).Bind(IRunStore.InboxMessagesMax);

        return posted.Next() ? posted.Number(0) : throw StoreProblems.Refusal(StoreProblems.InboxFull);
    }

    public static List<InboxMessage> Pending(Database database, RunKey run)
    {
        using var rows = database.Ask(Question.PendingMessages).Bind(run);
        var messages = new List<InboxMessage>();

        while (rows.Next())
        {
            messages.Add(new InboxMessage(rows.Number(0), (InboxKind)rows.Number(1), rows.Blob(2).ToArray()));
        }

        return messages;
    }

    /// <summary>Runs that were posted to after a message, and the last message seen.</summary>
    public static (long Last, List<RunKey> Runs) PostedAfter(Database database, long id)
    {
        const int CountMax = 10_000;

        using var rows = database.Ask(Question.PostedAfter).Bind(id).Bind(CountMax);
        var runs = new List<RunKey>();

        while (rows.Next())
        {
            id = rows.Number(0);
            runs.Add(Rows.Run(rows, 1));
        }

        return (id, runs);
    }
}
