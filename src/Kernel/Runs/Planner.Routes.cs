using Reeve.Kernel.Models;

namespace Reeve.Kernel.Runs;

public static partial class Planner
{
    /// <summary>Another model for what comes next, where the router says so; null to go on as before.</summary>
    /// <remarks>Ends: up only where the next call can be paid, down only to the first, and failures are counted anew
    /// after each.</remarks>
    private static RouteModel? NextRoute(RunState state, ModelPurpose purpose)
    {
        if (state.Admitted!.Router is not { } router)
        {
            return null;
        }

        var asked = ModelToAsk(state);
        var isSpent = state.Budget.Spent.Dollars >= (router.DollarsMax ?? decimal.MaxValue);

        if (state.HomeModel > 0 && (isSpent || WorstCaseOfModel(state, purpose) is null)
            && WorstCaseOfModel(state, purpose, model: 0) is not null)
        {
            return new RouteModel(asked, 0, RouteReason.Cost, state.Failures);
        }

        var next = Math.Max(asked, state.HomeModel) + 1;

        if (router.EscalateAfter == 0 || isSpent || next >= router.Models
            || WorstCaseOfModel(state, purpose, next) is null)
        {
            return null;
        }

        return state.Repeats >= state.Limits.RepeatsMax ? new RouteModel(asked, next, RouteReason.Loop, state.Failures)
            : state.Failures >= router.EscalateAfter ? new RouteModel(asked, next, RouteReason.Failures, state.Failures)
            : null;
    }
}
