namespace Reeve.Kernel.Journal.Events;

/// <summary>The applied changes were taken back.</summary>
public sealed record ChangesUndone(
    string Transaction,
    int Paths,
    PayloadRef By) : EventBody
{
    public const string WireName = "changes.undone";
}
