namespace Reeve.Kernel.Journal.Events;

/// <summary>The copy-on-write view of the workspace stands.</summary>
public sealed record ViewOpened(
    string Kind,
    PayloadRef Tree,
    string TreeId) : EventBody
{
    public const string WireName = "view.opened";
}
