using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Journal.Events;

/// <summary>So much of one part of the budget is used that somebody should know; told once for each part.</summary>
public sealed record BudgetWarned(
    BudgetPart Part,
    int Percent) : EventBody
{
    public const string WireName = "budget.warned";
}
