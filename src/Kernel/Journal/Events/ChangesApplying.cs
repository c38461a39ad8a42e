namespace Reeve.Kernel.Journal.Events;

/// <summary>The intent to write the reviewed changes to the user's own tree, or to take them back.</summary>
public sealed record ChangesApplying(
    bool IsUndo,
    string TreeId,
    PayloadRef By) : EventBody
{
    public const string WireName = "changes.applying";
}
