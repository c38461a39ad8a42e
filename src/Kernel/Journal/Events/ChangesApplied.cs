namespace Reeve.Kernel.Journal.Events;

/// <summary>The reviewed changes are in the user's own tree.</summary>
public sealed record ChangesApplied(
    string Transaction,
    string TreeId,
    int Paths,
    PayloadRef By) : EventBody
{
    public const string WireName = "changes.applied";
}
