using System.Globalization;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Budgets;

namespace Reeve.Cli.Output;

/// <summary>Where the budget of a run went, as a program reads it.</summary>
internal sealed record BudgetDocument(
    string RunId, IReadOnlyList<BudgetCallDocument> Calls, AmountDocument Limit, AmountDocument Spent,
        double ActiveSeconds,
    bool MoneyLimited, bool Priced, int WarnAtPercent, IReadOnlyList<string> Warned)
{
    public static BudgetDocument Of(string run, BudgetExplanation explanation) => new(
        run,
        [
            .. explanation.Calls.Select(call => new BudgetCallDocument(
                call.Sequence, call.At, call.Kind, call.Turn, call.Attempt, call.Model, call.Outcome,
                AmountDocument.Of(call.Reserved), AmountDocument.Of(call.Charged), AmountDocument.Of(call.Refunded),
                call.InputPrice, call.OutputPrice, call.PriceSource)),
        ],
        AmountDocument.Of(explanation.Limit), AmountDocument.Of(explanation.Spent),
        Math.Round(explanation.ActiveTime.TotalSeconds, 3), explanation.HasMoneyLimit, explanation.IsPriced,
        explanation.WarnAtPercent, [.. explanation.Warned.Select(BudgetWords.Word)]);
}

internal sealed record BudgetCallDocument(
    long Sequence, DateTimeOffset At, string Kind, int Turn, int Attempt, string Model, string Outcome,
    AmountDocument Reserved, AmountDocument Charged, AmountDocument Refunded, decimal? InputDollarsPerMillion,
    decimal? OutputDollarsPerMillion, string PriceSource);

internal sealed record AmountDocument(decimal Dollars, long InputTokens, long OutputTokens, long ToolCalls)
{
    public static AmountDocument Of(Cost cost) => new(cost.Dollars, cost.InputTokens, cost.OutputTokens,
        cost.ToolCalls);
}

/// <param name="LeastDollars">Null where the price is not known.</param>
internal sealed record EstimateDocument(
    string Model, decimal? LeastDollars, decimal? MostDollars, AmountDocument Least, AmountDocument Most,
        string PriceSource)
{
    public static EstimateDocument Of(BudgetEstimate estimate) => new(
        estimate.Model, estimate.LeastDollars, estimate.MostDollars, AmountDocument.Of(estimate.Least),
        AmountDocument.Of(estimate.Most), estimate.PriceSource);
}

/// <summary>A line of the ledger. Columns are only ever added, at the end.</summary>
internal sealed record LedgerDocument(
    string StartedAt, string RunId, string Status, string Reason, string Model, int Calls, int Replies,
        long InputTokens,
    long OutputTokens, decimal? Dollars, bool Estimated, string PriceSource, string Workspace, string Problem)
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        "started_at", "run_id", "status", "reason", "model", "calls", "replies", "input_tokens", "output_tokens",
            "dollars",
        "estimated", "price_source", "workspace", "problem",
    ];

    public static LedgerDocument Of(LedgerLine line) => new(
        line.StartedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            line.Run,
        line.Status, line.Reason, line.Model, line.Calls, line.Replies, line.InputTokens, line.OutputTokens,
            line.Dollars,
        line.IsEstimated, line.PriceSource, line.Workspace, line.Problem);

    public string ToCsv() => string.Join(',', new object?[]
    {
        StartedAt, RunId, Status, Reason, Model, Calls, Replies, InputTokens, OutputTokens, Dollars,
        Estimated ? "true" : "false", PriceSource, Workspace, Problem,
    }.Select(value => Cell(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")));

    // A spreadsheet takes a cell that begins like a formula for one.
    private static string Cell(string text)
    {
        var inert = text is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;
        return inert.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? inert : $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
