using System.Collections.Immutable;

namespace Reeve.Storage.Sqlite;

/// <summary>Everything that is ever asked of the file; the text of each is the SQL file of the same name.</summary>
internal enum Question
{
    AddEvent,
    AddPayload,
    AdvanceRun,
    AppendEvent,
    CreateRun,
    DueRuns,
    EraseKey,
    EraseMessages,
    ErasePayload,
    ErasePayloads,
    FindByIdempotencyKey,
    FindHead,
    FindHolder,
    FindPayload,
    FindRun,
    FindRunsBetween,
    FindSession,
    FindSessionName,
    FollowChain,
    ListRuns,
    ListRunsOfSession,
    ListRunsOfWorkspace,
    NameSession,
    PendingMessages,
    PostMessage,
    PostedAfter,
    ReadEvent,
    ReleaseLease,
    RenewLease,
    SearchDamaged,
    SetSession,
    SetSpending,
    SpentOfPerson,
    SpentOfRun,
    SpentOfTenant,
    TailEvents,
    TakeLease,
    TakeMessages,
    UnnameSession,
}

/// <summary>The SQL of each <see cref="Question"/>, read once.</summary>
internal static class Questions
{
    public static ImmutableArray<string> Text { get; } = [.. Enum.GetNames<Question>().Select(SqlText.Read)];
}
