using Reeve.Kernel.Budgets;
using Reeve.Kernel.Models;

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
    public const string WireName = "model.failed";
}
