using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The intent of an effect, durable before the effect.</summary>
public sealed record ToolStarted(
    string Tool,
    int Attempt,
    Cost Reserved) : EventBody
{
    public const string WireName = "tool.started";
}
