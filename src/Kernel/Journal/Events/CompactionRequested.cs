namespace Reeve.Kernel.Journal.Events;

/// <summary>A person wants the older parts of the conversation summarised before the model is asked again.</summary>
public sealed record CompactionRequested(
    PayloadRef By) : EventBody
{
    public const string WireName = "compaction.requested";
}
