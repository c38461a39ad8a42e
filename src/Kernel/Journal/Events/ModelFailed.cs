using Reeve.Kernel.Budgets;
using Reeve.Kernel.Models;
using Reeve.Kernel.Recovery;

namespace Reeve.Kernel.Journal.Events;

/// <summary>An attempt failed; nothing of its reply is used.</summary>
public sealed record ModelFailed(
    ModelPurpose Purpose,
    int Turn,
    int Attempt,
    string Code,
    bool IsRetryable,
    bool WasSent,
    long RetryAfterMilliseconds,
    Cost Actual,
    PayloadRef Detail) : EventBody
{
    public ErrorClass Class { get; init; }

    /// <summary>What the run does about it; none in entries from before that was recorded.</summary>
    public RecoveryAction Action { get; init; }

    public const string WireName = "model.failed";
}
