using Reeve.Kernel.Approvals;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A person approved more than one action: what these rules cover is not asked again in this run.</summary>
/// <param name="Rules">A rule on each line.</param>
/// <param name="DollarsMax">The run may have spent so much while it counts; null for no such limit.</param>
public sealed record ApprovalExtended(
    ApprovalScope Scope,
    PayloadRef Rules,
    DateTimeOffset ExpiresAt,
    decimal? DollarsMax,
    PayloadRef By) : EventBody
{
    public const string WireName = "approval.extended";
}
