using Reeve.Authority.Labels;

namespace Reeve.Authority.Policy;

/// <summary>What a decision depends on beside the call itself. Both come from the journal, so that a replay decides
/// as the run did.</summary>
/// <param name="Now">When it is decided; an expired mandate allows nothing.</param>
/// <param name="Seen">The joined label of all that led to the call; beyond the mandate's ceiling it is denied.</param>
public readonly record struct Circumstances(DateTimeOffset Now, Label Seen)
{
    /// <summary>What people approved in this run for longer than one action; null where nothing was.</summary>
    public StandingApprovals? Approved { get; init; }
}
