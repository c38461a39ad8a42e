using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The oldest items were replaced by a summary; pinned text never is.</summary>
public sealed record ContextCompacted(
    int Items,
    PayloadRef Summary,
    int Tokens,
    Cost Actual) : EventBody
{
    /// <summary>Tokens of what was replaced.</summary>
    public long Replaced { get; init; }

    public const string WireName = "context.compacted";
}
