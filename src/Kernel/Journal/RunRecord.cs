namespace Reeve.Kernel.Journal;

/// <summary>A run as lists see it.</summary>
public sealed record RunRecord(
    RunKey Run,
    byte[] WrappedKey,
    string WorkspaceId,
    DateTimeOffset CreatedAt,
    long HeadSequence,
    ChainHash Head,
    RunProjection Projection);

/// <summary>A reading of the journal kept beside it, replaced with every append. It decides nothing.</summary>
/// <param name="Status">The words of the status, as <c>running</c> or <c>succeeded</c>.</param>
/// <param name="WakeAt">When a scheduler should look at the run; null for never.</param>
public sealed record RunProjection(
    string Status,
    string Reason,
    string Proof,
    PayloadRef Goal,
    DateTimeOffset UpdatedAt,
    decimal CostDollars,
    long Tokens,
    int Turns,
    DateTimeOffset? WakeAt);
