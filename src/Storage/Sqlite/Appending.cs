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
        var position = request.Create is { } created
            ? Create(database, request, created)
            : Compare(database, request);

        foreach (var added in request.Events)
        {
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
    private static long Compare(Database database, AppendRequest request)
    {
        var head = Journals.Head(database, request.Run) ?? throw StoreProblems.Refusal(StoreProblems.NotFound);
        var isHolder = head.IsHeld && head.Epoch == request.Epoch;
        var isHead = head.Sequence == request.ExpectedSequence && head.Hash == request.ExpectedHead;

        return isHolder && isHead ? head.Position : throw StoreProblems.Refusal(StoreProblems.Fenced);
    }

    private static long Create(Database database, AppendRequest request, NewRun created)
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
        }
        catch (SqliteFailure failure) when (failure.IsDuplicateKey || failure.IsNotUnique)
        {
            throw StoreProblems.Refusal(failure.IsNotUnique ? StoreProblems.Duplicate : StoreProblems.Fenced);
        }

        return NoPosition;
    }
}
