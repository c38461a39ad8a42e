using System.CommandLine;
using System.Text.Json;
using Reeve.Authority.Policy;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Says what becomes possible, or is no longer, when one file of rules takes the place of another.</summary>
internal sealed class PolicyDiffCommand : ReeveCommand
{
    private readonly Argument<string> _old = new("OLD") { Description = "The rules as they are." };
    private readonly Argument<string> _new = new("NEW") { Description = "The rules as they would be." };
    private readonly Option<bool> _json = Flags.Json("Print one JSON array of the differences.");

    public PolicyDiffCommand(World world)
        : base("diff", "Say what becomes newly possible under other rules, by the rules and by recorded runs.", world)
    {
        Add(_old);
        Add(_new);
        Add(_json);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var settings = ReadSettings();
        var hidden = World.Tools.SecretRules(settings);
        var before = RuleFile.Parse(World.Tools.ReadRules(parse.GetValue(_old)!, World.Directory)).Rules;
        var after = RuleFile.Parse(World.Tools.ReadRules(parse.GetValue(_new)!, World.Directory)).Rules;
        var bySpace = RuleSpace.Compare(
            World.Tools.GateOf([.. before], settings), World.Tools.GateOf([.. after], settings), [.. before, .. after]);

        return WithHostAsync(
            settings,
            async host =>
            {
                var byRuns = await host.BacktestAsync(
                    [.. after, .. hidden], [.. before, .. hidden], workspace: null, RunsCommand.RunsMax, stop);
                List<PolicyDifference> differences =
                [
                    .. bySpace.Select(found => new PolicyDifference(
                        found.Action.ToString(), WordOf(found.Before), WordOf(found.After), found.After.Rule, "rules")),
                    .. byRuns.Changed.Select(found => new PolicyDifference(
                        $"{found.Tool} {found.Arguments}", found.Before, found.After, found.Rule,
                        $"{found.Run} {found.Sequence}")),
                ];
                Write(differences, parse.GetValue(_json));

                return differences.Exists(IsFreer) ? ExitCode.ApprovalPending : ExitCode.Ok;
            },
            stop);
    }

    private void Write(List<PolicyDifference> differences, bool isJson)
    {
        if (isJson)
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                [.. differences], Documents.Default.PolicyDifferenceArray));
            return;
        }

        foreach (var found in differences.OrderByDescending(IsFreer))
        {
            World.Terminal.Out(
                new Piece(IsFreer(found) ? "+ newly possible  " : "- no longer       ",
                    IsFreer(found) ? Style.Warning : Style.Good),
                InertText.OneLine(found.Action, 300),
                new Piece($"  {found.Before} → {found.After} ({InertText.OneLine(found.Rule, 200)}; {found.From})",
                    Style.Dim));
        }

        World.Terminal.Out($"{RunWords.Count(differences.Count(IsFreer), "action")} newly possible, "
            + $"{differences.Count(found => !IsFreer(found))} no longer");
    }

    private static bool IsFreer(PolicyDifference found) => RankOf(found.After) > RankOf(found.Before);

    private static int RankOf(string word) => word switch { "allow" => 2, "ask" => 1, _ => 0 };

    private static string WordOf(Verdict verdict) => JudgementDocument.WordOf(verdict);
}

/// <summary>Decides every recorded call anew under other rules.</summary>
internal sealed class PolicyBacktestCommand : ReeveCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Rules that take the place of the user's: lines of allow, ask or deny with a rule.",
    };

    private readonly Option<bool> _json = Flags.Json();

    public PolicyBacktestCommand(World world)
        : base("backtest", "Say which recorded decisions would change under other rules.", world)
    {
        Add(_file);
        Add(_json);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var settings = ReadSettings();
        IReadOnlyList<Rule> rules =
        [
            .. RuleFile.Parse(World.Tools.ReadRules(parse.GetValue(_file)!, World.Directory)).Rules,
            .. World.Tools.SecretRules(settings),
        ];

        return WithHostAsync(
            settings,
            async host =>
            {
                var result = await host.BacktestAsync(rules, baseline: null, null, RunsCommand.RunsMax, stop);

                if (parse.GetValue(_json))
                {
                    World.Terminal.Out(JsonSerializer.Serialize(
                        new BacktestDocument(result.Runs, result.Decisions, result.Changed),
                        Documents.Default.BacktestDocument));
                    return ExitCode.Ok;
                }

                foreach (var changed in result.Changed)
                {
                    World.Terminal.Out(
                        DecisionWords.Sign(changed.After), new Piece(InertText.OneLine(changed.Tool, 60), Style.Bold),
                        $"  {InertText.OneLine(changed.Arguments, 300)}",
                        new Piece(
                            $"  was {changed.Before} ({InertText.OneLine(changed.Rule, 200)}; "
                            + $"{changed.Run[..RunWords.ShortIdLength]} {changed.Sequence})", Style.Dim));
                }

                World.Terminal.Out($"{RunWords.Count(result.Decisions, "decision")} of "
                    + $"{RunWords.Count(result.Runs, "run")}: {result.Changed.Count} would change");
                return ExitCode.Ok;
            },
            stop);
    }
}
