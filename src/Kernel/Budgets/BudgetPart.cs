namespace Reeve.Kernel.Budgets;

/// <summary>The parts of a budget that are watched.</summary>
public enum BudgetPart
{
    Dollars = 0,
    InputTokens,
    OutputTokens,
    WallTime,
    ToolCalls,
}
