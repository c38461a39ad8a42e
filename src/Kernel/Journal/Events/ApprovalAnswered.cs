using Reeve.Kernel.Approvals;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A person, or the configured rule, answered.</summary>
public sealed record ApprovalAnswered(
    PayloadRef Action,
    ApprovalAnswer Answer,
    PayloadRef By) : EventBody
{
    /// <summary>What the person wants the model to be told; none where nothing was said.</summary>
    public PayloadRef Said { get; init; }

    public const string WireName = "approval.answered";
}
