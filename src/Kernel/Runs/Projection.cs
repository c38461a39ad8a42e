using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>The reading of a state that lists and schedulers see.</summary>
public static class Projection
{
    public static RunProjection Of(RunState state) => new(
        state.Status.Word(),
        state.Reason,
        (state.Finished?.Proof ?? ProofLevel.None).Word(),
        state.Admitted?.Goal ?? PayloadRef.None,
        state.Now,
        state.Budget.Spent.Dollars,
        state.Budget.Spent.InputTokens + state.Budget.Spent.OutputTokens,
        state.Turn,
        WakeAt(state));

    // A run that nobody works on wakes when its oldest unanswered question expires.
    private static DateTimeOffset? WakeAt(RunState state) => state.IsFinished
        ? null
        : state.Calls.Where(call => call.Stage == CallStage.WaitsForApproval)
            .Select(call => (DateTimeOffset?)call.ApprovalExpiresAt).Min();
}
