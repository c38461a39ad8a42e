namespace Reeve.Kernel.Journal.Events;

/// <summary>A person is asked about exactly this action.</summary>
public sealed record ApprovalRequested(
    PayloadRef Action,
    DateTimeOffset ExpiresAt) : EventBody
{
    /// <summary>How many different persons have to approve; zero, in older journals, is one.</summary>
    public int Persons { get; init; }

    public const string WireName = "approval.requested";
}
