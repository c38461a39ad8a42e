namespace Reeve.Kernel.Journal.Events;

/// <summary>The view was thrown away.</summary>
public sealed record ChangesDiscarded(
    PayloadRef By) : EventBody
{
    public const string WireName = "changes.discarded";
}
