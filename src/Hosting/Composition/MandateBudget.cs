using Reeve.Authority.Mandates;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Composition;

/// <summary>The limits of a run are never wider than those of its mandate.</summary>
internal static class MandateBudget
{
    public static RunLimits Within(RunLimits limits, MandateLimits mandate) => limits with
    {
        Turns = Math.Min(limits.Turns, mandate.TurnsMax ?? int.MaxValue),
        Budget = limits.Budget with
        {
            Dollars = Math.Min(limits.Budget.Dollars, mandate.DollarsMax ?? decimal.MaxValue),
            InputTokens = Math.Min(limits.Budget.InputTokens, mandate.TokensMax ?? long.MaxValue),
            OutputTokens = Math.Min(limits.Budget.OutputTokens, mandate.TokensMax ?? long.MaxValue),
            ToolCalls = Math.Min(limits.Budget.ToolCalls, mandate.ToolCallsMax ?? long.MaxValue),
            WallTime = mandate.WallTimeMax is { } time && time < limits.Budget.WallTime ? time : limits.Budget.WallTime,
        },
    };
}
