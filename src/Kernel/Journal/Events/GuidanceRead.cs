namespace Reeve.Kernel.Journal.Events;

/// <summary>The workspace's own instructions for agents (AGENTS.md): pinned, and labelled as workspace text.</summary>
public sealed record GuidanceRead(
    PayloadRef Text,
    int Tokens) : EventBody
{
    /// <summary>Names the subfolder the notes are of; empty for the workspace itself.</summary>
    public string FolderId { get; init => field = value ?? ""; } = "";

    public const string WireName = "guidance.read";
}
