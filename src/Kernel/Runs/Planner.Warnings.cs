using System.Collections.Immutable;
using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Runs;

public static partial class Planner
{
    /// <summary>A part of the budget that has come to its threshold stands before what else may start.</summary>
    private static ImmutableArray<Step> WithWarning(RunState state, ImmutableArray<Step> steps) =>
        NearlyUsed(state) is { } part ? [new WarnOfBudget(part), .. steps] : steps;

    private static BudgetPart? NearlyUsed(RunState state)
    {
        if (state.Limits.WarnAtPercent <= 0)
        {
            return null;
        }

        var (limit, spent) = (state.Budget.Limit, state.Budget.Spent);

        // Money is only counted against a limit that somebody set.
        return IsNear(BudgetPart.Dollars, spent.Dollars, state.Admitted!.Model.HasMoneyLimit ? limit.Dollars : 0)
            ?? IsNear(BudgetPart.InputTokens, spent.InputTokens, limit.InputTokens)
            ?? IsNear(BudgetPart.OutputTokens, spent.OutputTokens, limit.OutputTokens)
            ?? IsNear(BudgetPart.ToolCalls, spent.ToolCalls, limit.ToolCalls)
            ?? IsNear(BudgetPart.WallTime, state.ActiveTime.Ticks, limit.WallTime.Ticks);

        BudgetPart? IsNear(BudgetPart part, decimal used, decimal most) =>
            most > 0 && used * 100 >= most * state.Limits.WarnAtPercent && !state.Warned.Contains(part) ? part : null;
    }
}
