using System.Globalization;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Budgets;

namespace Reeve.Cli.Output;

/// <summary>Says budgets, their calls and estimates in words a person reads.</summary>
internal static class BudgetWords
{
    public static string Word(BudgetPart part) => part switch
    {
        BudgetPart.Dollars => "dollars",
        BudgetPart.InputTokens => "input_tokens",
        BudgetPart.OutputTokens => "output_tokens",
        BudgetPart.WallTime => "wall_time",
        BudgetPart.ToolCalls => "tool_calls",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Warning(BudgetPart part, int percent) =>
        $"{percent} % of the budget is used: {Word(part).Replace('_', ' ')}";

    public static void Write(BudgetExplanation explanation, LineWriter line)
    {
        foreach (var call in explanation.Calls)
        {
            var attempt = call.Attempt > 1 ? $" attempt {call.Attempt}" : "";
            line([
                new Piece($"{call.Sequence,5}  ", Style.Dim), $"{call.Kind} {call.Turn}{attempt}  ",
                new Piece($"{InertText.OneLine(call.Model, 80)}  {call.Outcome}", Style.Dim)]);
            line([$"         reserved {Amount(call, call.Reserved)}"]);
            line([$"         charged  {Amount(call, call.Charged)}"]);
            line([$"         back     {Amount(call, call.Refunded)}"]);
        }

        foreach (var price in explanation.Calls.Select(Price).Distinct(StringComparer.Ordinal))
        {
            line([new Piece($"price  {price}", Style.Dim)]);
        }

        var (spent, limit) = (explanation.Spent, explanation.Limit);
        line(["spent  " + (explanation.IsPriced ? RunWords.Dollars(spent.Dollars) : "an unknown price")
            + (explanation.HasMoneyLimit ? $" of {RunWords.Dollars(limit.Dollars)}" : " (no limit in money)")]);
        line([$"       {Of(spent.InputTokens, limit.InputTokens)} tokens in, "
            + $"{Of(spent.OutputTokens, limit.OutputTokens)} out, "
            + $"{Of(spent.ToolCalls, limit.ToolCalls)} tool calls, "
            + $"{RunWords.Time(explanation.ActiveTime)} of {RunWords.Time(limit.WallTime)}"]);

        foreach (var part in explanation.Warned)
        {
            line([new Piece($"!      {Warning(part, explanation.WarnAtPercent)}", Style.Warning)]);
        }
    }

    public static void Write(BudgetEstimate estimate, LineWriter line)
    {
        line([$"{InertText.OneLine(estimate.Model, 80)}, estimated; beyond the most no call begins"]);
        line([$"  least  {Dollars(estimate.LeastDollars)}  "
            + $"one request of {RunWords.Tokens(estimate.Least.InputTokens)}"]);
        line([$"  most   {Dollars(estimate.MostDollars)}  {RunWords.Tokens(estimate.Most.InputTokens)} in, "
            + $"{RunWords.Tokens(estimate.Most.OutputTokens)} out, {estimate.Turns} turns, "
            + $"{estimate.Most.ToolCalls} tool calls, {RunWords.Time(estimate.Most.WallTime)}"]);
        line([new Piece($"  prices: {InertText.OneLine(estimate.PriceSource, 400)}", Style.Dim)]);
    }

    private static string Dollars(decimal? dollars) => dollars is { } known ? RunWords.Dollars(known) : "price unknown";

    private static string Amount(LedgerCall call, Cost cost) =>
        $"{(call is { InputPrice: not null, OutputPrice: not null } ? Money(cost.Dollars) : "price unknown"),12}  "
        + $"{cost.InputTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens in, "
        + $"{cost.OutputTokens.ToString("N0", CultureInfo.InvariantCulture)} out";

    private static string Money(decimal dollars) =>
        (dollars < 0 ? "-$" : "$") + Math.Abs(dollars).ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Price(LedgerCall call)
    {
        var price = call is { InputPrice: { } input, OutputPrice: { } output }
            ? string.Create(CultureInfo.InvariantCulture, $"${input} in, ${output} out for a million tokens")
            : "unknown";
        return $"{InertText.OneLine(call.Model, 80)}: {price} ({InertText.OneLine(call.PriceSource, 200)})";
    }

    private static string Of(long used, long most) =>
        string.Create(CultureInfo.InvariantCulture, $"{used:N0} of {most:N0}");
}
