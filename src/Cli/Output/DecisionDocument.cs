using Reeve.Cli.Screen;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Output;

/// <summary>A recorded decision, as a program reads it.</summary>
internal sealed record DecisionDocument(
    long Sequence, string Call, string Tool, string Arguments, string Verdict, string Reason, string Rule, string Tier,
    string Mandate, string Mode, string Label)
{
    public static DecisionDocument Of(RecordedDecision decision) => new(
        decision.Sequence, decision.Call, decision.Tool, decision.Arguments, decision.Decision, decision.Reason,
        decision.Rule, decision.Tier, decision.Mandate, decision.Mode, decision.Label);
}

/// <summary>What came of deciding recorded calls anew.</summary>
internal sealed record BacktestDocument(int Runs, int Decisions, IReadOnlyList<ChangedDecision> Changed);

/// <summary>A rule that a person approved for longer than one action.</summary>
internal sealed record KeptRuleDocument(string Rule, string Scope, string? Workspace, string By, DateTimeOffset At)
{
    public static KeptRuleDocument Of(KeptRule kept) => new(
        kept.Rule, kept.Workspace is null ? "always" : "project", kept.Workspace, kept.By, kept.At);
}

/// <summary>What a folder brings along and whether it is trusted.</summary>
internal sealed record TrustDocument(
    string Workspace, string State, IReadOnlyList<string> Files, IReadOnlyList<string> Changed);

/// <summary>Something that the new rules make possible, or keep from happening.</summary>
internal sealed record PolicyDifference(string Action, string Before, string After, string Rule, string From);

/// <summary>Tells decisions to a person, one on a line.</summary>
internal static class DecisionWords
{
    public static void Write(IReadOnlyList<RecordedDecision> decisions, Terminal terminal)
    {
        terminal.Out($"dry run: {RunWords.Count(decisions.Count, "decision")}, nothing was changed");

        foreach (var decision in decisions)
        {
            terminal.Out(Sign(decision.Decision), new Piece(InertText.OneLine(decision.Tool, 60), Style.Bold),
                $"  {InertText.OneLine(decision.Arguments, 300)}",
                new Piece($"  {InertText.OneLine(decision.Reason, 300)} ({InertText.OneLine(decision.Rule, 200)})",
                    Style.Dim));
        }
    }

    public static Piece Sign(string verdict) => verdict switch
    {
        "allow" => new Piece("✓ allow  ", Style.Good),
        "ask" => new Piece("? ask    ", Style.Warning),
        _ => new Piece("⊘ deny   ", Style.Bad),
    };
}
