using Reeve.Kernel.Budgets;

namespace Reeve.Hosting.Runs;

/// <summary>Where the budget of one run went: each call of a model, and what is left.</summary>
/// <param name="Warned">Parts of the budget that were told to be nearly used up.</param>
public sealed record BudgetExplanation(
    IReadOnlyList<LedgerCall> Calls, Cost Limit, Cost Spent, Cost Reserved, TimeSpan ActiveTime, bool HasMoneyLimit,
    bool IsPriced, int WarnAtPercent, IReadOnlyList<BudgetPart> Warned);

/// <summary>One call of a model: what was set aside for it, and what became of that.</summary>
/// <param name="Kind"><c>reply</c> or <c>summary</c>.</param>
/// <param name="Outcome"><c>settled</c>, <c>estimated</c>, <c>refunded</c> or <c>charged whole</c>.</param>
/// <param name="PriceSource">Where the price is from, and from when.</param>
public sealed record LedgerCall(
    long Sequence, DateTimeOffset At, string Kind, int Turn, int Attempt, string Model, Cost Reserved, Cost Charged,
    string Outcome, decimal? InputPrice, decimal? OutputPrice, string PriceSource)
{
    /// <summary>What came back of the reservation; negative where the bill was above it.</summary>
    public Cost Refunded => Reserved - Charged;
}

/// <summary>What a run would cost, before it begins.</summary>
/// <param name="Least">The first request as Reeve counts it, rather too high than too low, and the shortest
/// reply.</param>
/// <param name="Most">What the limits let through; beyond it no call begins.</param>
/// <param name="LeastDollars">Null where the price of a model is not known.</param>
public sealed record BudgetEstimate(
    string Model, Cost Least, Cost Most, decimal? LeastDollars, decimal? MostDollars, string PriceSource, int Turns);

/// <summary>One model's part in one run, as the ledger of all runs has it.</summary>
/// <param name="Problem">Why the journal of the run cannot be read; empty otherwise.</param>
public sealed record LedgerLine(
    DateTimeOffset StartedAt, string Run, string Status, string Reason, string Model, int Calls, int Replies,
    long InputTokens, long OutputTokens, decimal? Dollars, bool IsEstimated, string PriceSource, string Workspace,
    string Problem);
