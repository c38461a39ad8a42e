using Reeve.Authority;
using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>One append as statements: compare and set first, so that a refusal has changed nothing.</summary>
internal static class Appending
{
    /// <summary>What the kernel never asks for; a request like that is a bug and not a refusal.</summary>
    public static void ThrowIfMalformed(AppendRequest request)
    {
        var isFirst = request.Create is not null;

        if (request.Events.Count is 0 or > SqliteRunStore.EventsMax
            || isFirst != (request.ExpectedSequence == 0)
            || isFirst != (request.Epoch == 0)
            || (isFirst && request.ExpectedHead != ChainHash.Genesis))
        {
            throw new ArgumentException("An append has entries, and begins a run exactly at sequence and epoch zero.");
        }

        for (var place = 0; place < request.Events.Count; place++)
        {
            var added = request.Events[place];

            if (added.Sequence != request.ExpectedSequence + place + 1 || added.Self != ChainHash.Of(added.Bytes))
            {
                throw new ArgumentException("Entries follow one another, and each is named by the hash of its bytes.");
            }
        }

        if (request.Payloads.Any(payload => payload.Sealed.Length > SqliteRunStore.PayloadBytesMax))
        {
            throw StoreProblems.Refusal(StoreProblems.PayloadTooLarge);
        }
    }

    public static void Append(Database database, AppendRequest request)
    {
        var position = 0L;

        if (request.Create is { } created)
        {
            Create(database, request, created);
        }
        else
        {
            position = AddCompared(database, request);
        }

        for (var place = request.Create is null ? 1 : 0; place < request.Events.Count; place++)
        {
            var added = request.Events[place];
            database.Do(database.Ask(Question.AddEvent)
                .Bind(request.Run).Bind(added.Sequence).Bind(position).Bind(added.Epoch).Bind(added.Type)
                .Bind(added.Self).Bind(added.Bytes));
            position = database.LastAdded;
        }

        database.Do(database.Ask(Question.AdvanceRun)
            .Bind(request.Events[^1], request.Projection, position).Bind(request.Run));

        foreach (var payload in request.Payloads)
        {
            database.Do(
                database.Ask(Question.AddPayload).Bind(request.Run).Bind(payload.Ref).Bind(payload.Sealed));
        }

        if (request.InboxTakenThrough is { } last)
        {
            database.Do(database.Ask(Question.TakeMessages).Bind(request.Run).Bind(last));
        }
    }

    // What is compared cannot change before it is set: this transaction alone may write.
    private static long AddCompared(Database database, AppendRequest request)
    {
        var first = request.Events[0];
        var added = database.Do(database.Ask(Question.AppendEvent)
            .Bind(request.Run).Bind(first.Sequence).Bind(first.Epoch).Bind(first.Type).Bind(first.Self)
            .Bind(first.Bytes).Bind(request.ExpectedSequence).Bind(request.ExpectedHead).Bind(request.Epoch));

        return added > 0
            ? database.LastAdded
            : throw StoreProblems.Refusal(Journals.Head(database, request.Run) is null
                ? StoreProblems.NotFound
                : StoreProblems.Fenced);
    }

    private static void Create(Database database, AppendRequest request, NewRun created)
    {
        const long NoPosition = 0;

        try
        {
            database.Do(database.Ask(Question.CreateRun)
                .Bind(request.Events[^1], request.Projection, NoPosition)
                .Bind(request.Run)
                .Bind(created.WrappedKey)
                .Bind(created.WorkspaceId)
                .Bind(created.CreatedAt)
                .Bind(created.IdempotencyKey));

            // A session of its own needs no mark.
            if (created.Session is { } session && session != request.Run.Run)
            {
                database.Do(database.Ask(Question.SetSession).Bind(session.ToBytes()).Bind(request.Run));
            }
        }
        catch (SqliteFailure failure) when (failure.IsDuplicateKey || failure.IsNotUnique)
        {
            throw StoreProblems.Refusal(failure.IsNotUnique ? StoreProblems.Duplicate : StoreProblems.Fenced);
        }
    }
}
