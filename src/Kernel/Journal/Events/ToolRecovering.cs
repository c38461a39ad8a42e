using Reeve.Kernel.Budgets;
using Reeve.Kernel.Recovery;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A call failed by itself and is made again: nobody was told of it, and what it cost is charged.</summary>
public sealed record ToolRecovering(
    string Tool, ErrorClass Class, string Code, RecoveryAction Action, int Attempt, Cost Actual) : EventBody
{
    public const string WireName = "tool.recovering";
}
