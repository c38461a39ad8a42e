using Reeve.Kernel.Evidence;

namespace Reeve.Kernel.Journal.Events;

/// <summary>What the criterion said of the tree.</summary>
public sealed record CheckFinished(
    int Criterion,
    int Round,
    CheckOutcome Outcome,
    int ExitCode,
    string TreeId,
    PayloadRef Output,
    int Tokens) : EventBody
{
    public const string WireName = "check.finished";
}
