namespace Reeve.Kernel.Journal;

/// <summary>A run as lists see it.</summary>
public sealed record RunRecord(
    RunKey Run,
    byte[] WrappedKey,
    string WorkspaceId,
    DateTimeOffset CreatedAt,
    long HeadSequence,
    ChainHash Head,
    RunProjection Projection)
{
    /// <summary>The first run of the session it belongs to, which may be itself.</summary>
    public RunId Session { get; init; } = Run.Run;

    /// <summary>Its key is gone, and with it whatever it sealed.</summary>
    public bool IsErased => WrappedKey.Length == 0;
}

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
