namespace Reeve.Kernel.Journal.Events;

/// <summary>The workspace's own instructions for agents (AGENTS.md): pinned, and labelled as workspace text.</summary>
public sealed record GuidanceRead(
    PayloadRef Text,
    int Tokens) : EventBody
{
    public const string WireName = "guidance.read";
}
