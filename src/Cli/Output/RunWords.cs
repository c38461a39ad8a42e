using Reeve.Kernel.Models;
using Reeve.Kernel.Journal.Events;
using System.Globalization;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Output;

/// <summary>Says states, proofs and bills in words a person reads.</summary>
internal static class RunWords
{
    public const int ShortIdLength = 8;

    public static string ShortId(RunReport report) => report.Run.Run.ToString()[..ShortIdLength];

    public static (string Mark, Style Style) MarkOf(RunStatus status) => status switch
    {
        RunStatus.Succeeded => ("✓", Style.Good),
        RunStatus.Unverified or RunStatus.Waiting or RunStatus.InDoubt or RunStatus.Paused => ("!", Style.Warning),
        RunStatus.Failed or RunStatus.OutOfBudget => ("✗", Style.Bad),
        _ => ("·", Style.Dim),
    };

    public static string Proof(RunReport report) => report.Proof switch
    {
        ProofLevel.Verified => $"verified: Reeve ran {Count(report.Criteria.Count, "check")} on the final tree, and "
            + (report.Criteria.Count == 1 ? "it passed" : "all passed"),
        ProofLevel.SelfChecked => "self-checked: the agent's own check passed after its last change",
        ProofLevel.Answered => "answered: nothing was changed, so there was nothing to check",
        _ when report.Criteria.Any(criterion => criterion.Outcome == CheckOutcome.Failed) =>
            "not proven: a check failed on the final tree",
        _ when report.Criteria.Count > 0 => "not proven: the checks did not run",
        _ => "not proven: no check passed after the last change; name one with --accept",
    };

    public static string Bill(RunBill bill)
    {
        var parts = new List<string>
        {
            bill.Dollars is { } dollars ? Dollars(dollars) : "price not known",
            $"{Tokens(bill.InputTokens)} in, {Tokens(bill.OutputTokens)} out{(bill.IsEstimated ? " (estimated)" : "")}",
            Count(bill.ModelCalls, "model call"),
            Count(bill.ToolCalls, "tool call"),
            Time(bill.ActiveTime),
        };

        if (bill.Models.Count > 1)
        {
            parts.Add(string.Join(", ", bill.Models.Select(Share)));
        }

        return string.Join(" · ", parts) + (bill.PriceSource.Length > 0 ? $" · prices: {bill.PriceSource}" : "");
    }

    private static string Share(ModelShare share)
    {
        var replies = Count(share.Replies, "reply", "replies");
        return $"{InertText.OneLine(share.Name, 80)} {replies} of {Count(share.Calls, "call")}";
    }

    public static string Dollars(decimal dollars) =>
        "$" + dollars.ToString(dollars is > 0 and < 0.1m ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

    public static string Tokens(long tokens) => tokens switch
    {
        < 1_000 => $"{tokens} tokens",
        < 1_000_000 => $"{(tokens / 1_000d).ToString("0.#", CultureInfo.InvariantCulture)}k tokens",
        _ => $"{(tokens / 1_000_000d).ToString("0.##", CultureInfo.InvariantCulture)}M tokens",
    };

    /// <summary>A summary, and what it saved.</summary>
    public static string Of(ContextCompacted compacted) =>
        $"{Count(compacted.Items, "part")} replaced by a summary"
        + (compacted.Replaced > 0 ? $", {Tokens(compacted.Replaced)} became {Tokens(compacted.Tokens)}" : "");

    public static string Of(ModelRouted routed) => routed.Reason switch
    {
        RouteReason.Loop => "the one before went round in circles",
        RouteReason.Cost => "what was to be spent on the stronger one is spent",
        _ => $"after {routed.Failures} failures",
    };

    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    public static string Count(long count, string noun) => Count(count, noun, noun + "s");

    private static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
