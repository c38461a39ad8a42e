namespace Reeve.Kernel.Journal.Events;

/// <summary>The tree of a checkpoint is back; what a crash interrupted may run again.</summary>
public sealed record ViewRestored(
    string TreeId) : EventBody
{
    public const string WireName = "view.restored";
}
