using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Evidence;

/// <summary>Says how far a claimed result was proven.</summary>
/// <remarks>
/// <em>Verified</em>: every criterion set before the run was executed by Reeve on the final tree and holds.
/// <em>Self-checked</em>: no criteria, and a check of the agent passed after its last change. <em>Answered</em>: no
/// criteria and no change. Anything else is unverified; a check that was not run is not one that passed.
/// </remarks>
public static class Completion
{
    public static (RunStatus Status, string Reason, ProofLevel Proof) Of(RunState state)
    {
        if (state.Criteria.Length > 0)
        {
            return OfCriteria(state);
        }

        if (!state.HasChanges)
        {
            return (RunStatus.Succeeded, "answered", ProofLevel.Answered);
        }

        return state.SelfCheckedAt > state.ChangedAt
            ? (RunStatus.Succeeded, "self_checked", ProofLevel.SelfChecked)
            : (RunStatus.Unverified, "evidence.missing", ProofLevel.None);
    }

    private static (RunStatus Status, string Reason, ProofLevel Proof) OfCriteria(RunState state)
    {
        var holds = state.Criteria.All(criterion =>
            criterion.Outcome == CheckOutcome.Passed && criterion.TreeId == state.TreeId);

        if (holds)
        {
            return (RunStatus.Succeeded, "verified", ProofLevel.Verified);
        }

        // Where no sandbox was to be had, that is why nothing was checked.
        if (state.SandboxRefusal is { } refusal)
        {
            return (RunStatus.Unverified, refusal.Code, ProofLevel.None);
        }

        return state.Criteria.Any(criterion => criterion.Outcome == CheckOutcome.NotRun)
            ? (RunStatus.Unverified, "criteria.not_run", ProofLevel.None)
            : (RunStatus.Unverified, "criteria.failed", ProofLevel.None);
    }
}
