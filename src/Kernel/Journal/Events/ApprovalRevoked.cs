namespace Reeve.Kernel.Journal.Events;

/// <summary>A person took back what was approved: the rule covers nothing any more.</summary>
public sealed record ApprovalRevoked(
    PayloadRef Rule,
    PayloadRef By) : EventBody
{
    public const string WireName = "approval.revoked";
}
