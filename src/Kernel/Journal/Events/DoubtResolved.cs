namespace Reeve.Kernel.Journal.Events;

/// <summary>A person says whether it happened.</summary>
public sealed record DoubtResolved(
    bool Happened,
    PayloadRef By) : EventBody
{
    public const string WireName = "doubt.resolved";
}
