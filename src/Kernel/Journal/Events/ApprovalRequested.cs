namespace Reeve.Kernel.Journal.Events;

/// <summary>A person is asked about exactly this action.</summary>
public sealed record ApprovalRequested(
    PayloadRef Action,
    DateTimeOffset ExpiresAt) : EventBody
{
    public const string WireName = "approval.requested";
}
