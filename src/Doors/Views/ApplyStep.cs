namespace Reeve.Doors.Views;

/// <summary>The durable steps of a transaction, in their order.</summary>
public enum ApplyStep
{
    KeepContents = 0,
    KeepOriginal,
    WritePlan,
    Remove,
    Put,
    SetAttributes,
    MarkFinished,
    RollBack,
    WriteRebase,
    MarkClosed,
    BringCommits,
    MoveBranch,
}
