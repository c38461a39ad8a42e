namespace Reeve.Kernel.Journal.Events;

/// <summary>A crash hid whether an effect happened that must not happen twice.</summary>
public sealed record ToolInDoubt(
    string Tool) : EventBody
{
    public const string WireName = "tool.in_doubt";
}
