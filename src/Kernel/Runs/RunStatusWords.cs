using System.Diagnostics;
using Reeve.Kernel.Evidence;

namespace Reeve.Kernel.Runs;

/// <summary>The words for a status in lists, JSON and the store; stable.</summary>
public static class RunStatusWords
{
    public static string Word(this RunStatus status) => status switch
    {
        RunStatus.Queued => "queued",
        RunStatus.Running => "running",
        RunStatus.Waiting => "waiting",
        RunStatus.Paused => "paused",
        RunStatus.InDoubt => "in_doubt",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Unverified => "unverified",
        RunStatus.Failed => "failed",
        RunStatus.Cancelled => "cancelled",
        RunStatus.OutOfBudget => "out_of_budget",
        _ => throw new UnreachableException(),
    };

    public static string Word(this ProofLevel proof) => proof switch
    {
        ProofLevel.None => "none",
        ProofLevel.Answered => "answered",
        ProofLevel.SelfChecked => "self_checked",
        ProofLevel.Verified => "verified",
        _ => throw new UnreachableException(),
    };

    public static bool IsFinal(this RunStatus status) => status >= RunStatus.Succeeded;
}
