using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Cli.Operator;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Commands;

/// <summary>The rules about commands, asked directly. Nothing is run.</summary>
internal sealed class PolicyCommand : Command
{
    public PolicyCommand(World world)
        : base("policy", "Ask the gate what it would say of a command.")
    {
        Add(new CheckCommand(world, "check", "Say whether a command that leaves the sandbox would run unasked."));
        Add(new CheckCommand(
            world, "explain",
            "Say the same of each part of the command and which one decided; RUN EVENT explains what was recorded."));
        Add(new TestCommand(world));
        Add(new PolicyDiffCommand(world));
        Add(new PolicyBacktestCommand(world));
    }

    private static bool Explains(Command command) => command.Name == "explain";

    /// <summary>The rules that the flags add to those of the configuration.</summary>
    private sealed class RuleFlags
    {
        private readonly Option<string[]> _allow = Of("--allow", "Allow what this rule covers, as Bash(git push:*).");
        private readonly Option<string[]> _ask = Of("--ask", "Ask about what this rule covers.");
        private readonly Option<string[]> _deny = Of("--deny", "Deny what this rule covers.");

        public RuleFlags(Command command)
        {
            command.Add(_allow);
            command.Add(_ask);
            command.Add(_deny);
        }

        public IReadOnlyList<Rule> Read(ParseResult parse) =>
        [
            .. Read(parse, _allow, Decision.Allow), .. Read(parse, _ask, Decision.Ask),
            .. Read(parse, _deny, Decision.Deny),
        ];

        private static IEnumerable<Rule> Read(ParseResult parse, Option<string[]> option, Decision decision) =>
            (parse.GetValue(option) ?? []).Select(text => RuleSyntax.Parse(text, decision, RuleTier.User));

        private static Option<string[]> Of(string name, string description) =>
            new(name) { Description = description + " May be repeated.", HelpName = "RULE" };
    }

    /// <summary>Judges one line, by the same gate that a run has.</summary>
    private sealed class CheckCommand : ReeveCommand
    {
        private readonly Argument<string[]> _command = new("COMMAND")
        {
            Description = "A shell line as one argument, or a program and its arguments, after --.",
            Arity = ArgumentArity.OneOrMore,
        };

        private readonly RuleFlags _rules;
        private readonly Option<bool> _json = Flags.Json();

        public CheckCommand(World world, string name, string description)
            : base(name, description, world)
        {
            Add(_command);
            _rules = new RuleFlags(this);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var words = parse.GetValue(_command)!;

            // What follows -- is a command, whatever it looks like.
            if (Explains(this) && words is [var run, var sequence] && long.TryParse(sequence, out var number)
                && parse.Tokens.All(token => token.Type != TokenType.DoubleDash))
            {
                return ExplainAsync(run, number, parse.GetValue(_json), stop);
            }

            var line = words.Length == 1 ? words[0] : ShellQuote.Join(words);
            var judgement = World.Tools.JudgeCommand(
                line, _rules.Read(parse), ReadSettings(), World.Directory);

            if (parse.GetValue(_json))
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    JudgementDocument.Of(line, judgement), Documents.Default.JudgementDocument));
            }
            else
            {
                Write(line, judgement);
            }

            return Task.FromResult(judgement.Verdict.Decision switch
            {
                Decision.Allow => ExitCode.Ok,
                Decision.Ask => ExitCode.ApprovalPending,
                _ => ExitCode.Denied,
            });
        }

        private Task<ExitCode> ExplainAsync(string text, long sequence, bool isJson, CancellationToken stop) =>
            WithHostAsync(
                ReadSettings(),
                async host =>
                {
                    var run = await host.FindAsync(text, World.Directory, stop);
                    var decisions = await host.DecisionsAsync(run, stop);
                    var decision = decisions.FirstOrDefault(known => known.Sequence == sequence);
                    Problem.ThrowUnless(
                        decision is not null, "usage.no_decision",
                        decisions.Count == 0
                            ? "Nothing was decided in this run." : "This entry is no decision; these are: "
                        + string.Join(", ", decisions.Select(known => known.Sequence).Take(50)) + ".");
                    Write(decision, isJson);
                    return ExitCode.Ok;
                },
                stop);

        private void Write(RecordedDecision decision, bool isJson)
        {
            if (isJson)
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    DecisionDocument.Of(decision), Documents.Default.DecisionDocument));
                return;
            }

            World.Terminal.Out(
                DecisionWords.Sign(decision.Decision), new Piece(InertText.OneLine(decision.Tool, 60), Style.Bold),
                $"  {InertText.OneLine(decision.Arguments, 500)}");
            World.Terminal.Out($"  why      {InertText.OneLine(decision.Reason, 500)}");
            World.Terminal.Out($"  rule     {InertText.OneLine(decision.Rule, 500)}");
            World.Terminal.Out($"  tier     {decision.Tier}");
            World.Terminal.Out($"  mandate  {decision.Mandate}, mode {decision.Mode}");
            World.Terminal.Out($"  label    {InertText.OneLine(decision.Label, 300)}");
        }

        private void Write(string line, CommandJudgement judgement)
        {
            Write("", line, judgement.Verdict, judgement.Tier);

            if (Explains(this) || judgement.Parts.Length > 1)
            {
                for (var index = 0; index < judgement.Parts.Length; index++)
                {
                    var part = judgement.Parts[index];
                    Write(index == judgement.Decisive ? "→ " : "  ", part.Command, part.Verdict, part.Tier);
                }
            }
        }

        private void Write(string before, string command, Verdict verdict, string tier)
        {
            var (sign, style) = verdict.Decision switch
            {
                Decision.Allow => ("✓ allow  ", Style.Good),
                Decision.Ask => ("? ask    ", Style.Warning),
                _ => ("⊘ deny   ", Style.Bad),
            };
            World.Terminal.Out(
                before, new Piece(sign, style), InertText.OneLine(command, 500),
                new Piece($"  {verdict.Reason} ({tier}: {InertText.OneLine(verdict.Rule, 200)})", Style.Dim));
        }
    }

    /// <summary>Checks what a file of rules is expected to say.</summary>
    private sealed class TestCommand : ReeveCommand
    {
        private readonly Argument<string> _file = new("FILE")
        {
            Description = "Lines: allow, ask or deny with a rule; allows, asks or denies with a command.",
        };

        private readonly Option<bool> _json = Flags.Json("Print one JSON array of the cases.");

        public TestCommand(World world)
            : base("test", "Check the cases that a file of rules brings along.", world)
        {
            Add(_file);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var file = RuleFile.Parse(World.Tools.ReadRules(parse.GetValue(_file)!, World.Directory));
            var settings = ReadSettings();
            var results = file.Cases
                .Select(expected =>
                {
                    var said = World.Tools.JudgeCommand(expected.Command, file.Rules, settings).Verdict;
                    return new RuleCaseDocument(
                        expected.Line, expected.Command, expected.Word, JudgementDocument.WordOf(said),
                        said.Decision == expected.Decision);
                })
                .ToArray();

            if (parse.GetValue(_json))
            {
                World.Terminal.Out(JsonSerializer.Serialize(results, Documents.Default.RuleCaseDocumentArray));
            }
            else
            {
                Write(results);
            }

            return Task.FromResult(results.All(result => result.Ok) ? ExitCode.Ok : ExitCode.Error);
        }

        private void Write(RuleCaseDocument[] results)
        {
            foreach (var result in results.Where(result => !result.Ok))
            {
                World.Terminal.Out(
                    new Piece($"line {result.Line}: ", Style.Dim), InertText.OneLine(result.Command, 500),
                    new Piece($"  is {result.Verdict}, expected {result.Expected}", Style.Bad));
            }

            World.Terminal.Out($"{results.Count(result => result.Ok)} of {results.Length} cases hold");
        }
    }
}
