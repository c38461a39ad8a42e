namespace Reeve.Kernel.Journal.Events;

/// <summary>A person ends the run; it is finished when nothing of it is left.</summary>
public sealed record CancelRequested(
    PayloadRef By) : EventBody
{
    public const string WireName = "cancel.requested";
}
