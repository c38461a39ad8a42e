using Reeve.Kernel.Budgets;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal.Events;

/// <summary>What came of a call, as the model will see it.</summary>
public sealed record ToolFinished(
    string Tool,
    ToolOutcome Outcome,
    string ProblemCode,
    PayloadRef Observation,
    int Tokens,
    PayloadRef Full,
    bool ChangedView,
    string TreeId,
    CheckReceipt? Receipt,
    bool EndsRun,
    string Fingerprint,
    Cost Actual,
    long Milliseconds) : EventBody
{
    public const string WireName = "tool.finished";
}
