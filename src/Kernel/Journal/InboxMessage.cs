namespace Reeve.Kernel.Journal;

/// <summary>Something another process wants the holder of a run to know. Its body is sealed with the run's
/// key.</summary>
public sealed record InboxMessage(long Id, InboxKind Kind, byte[] SealedBody);

public enum InboxKind
{
    Cancel = 0,
    Approval,
    Message,
    Doubt,

    /// <summary>A standing approval is taken back.</summary>
    Revoke,

    /// <summary>The context is compacted before the model is asked again.</summary>
    Compact,
}
