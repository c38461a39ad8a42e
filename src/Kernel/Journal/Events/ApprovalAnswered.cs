using Reeve.Kernel.Approvals;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A person, or the configured rule, answered.</summary>
public sealed record ApprovalAnswered(
    PayloadRef Action,
    ApprovalAnswer Answer,
    PayloadRef By) : EventBody
{
    public const string WireName = "approval.answered";
}
