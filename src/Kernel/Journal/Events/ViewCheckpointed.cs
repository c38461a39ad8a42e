namespace Reeve.Kernel.Journal.Events;

/// <summary>The tree before a contained call, from which it can be restored.</summary>
public sealed record ViewCheckpointed(
    PayloadRef Tree,
    string TreeId) : EventBody
{
    public const string WireName = "view.checkpointed";
}
