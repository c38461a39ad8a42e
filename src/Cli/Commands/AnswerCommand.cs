using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Answers in words what the agent of a run asked, from another terminal.</summary>
internal sealed class AnswerCommand : ReeveCommand
{
    /// <summary>The tool whose calls are questions; to no other action are words an answer.</summary>
    public const string QuestionTool = "ask_user";

    public const int AnswerLengthMax = 8_000;

    private readonly RunFlags _run;
    private readonly Argument<string> _text = new("TEXT") { Description = "The answer." };
    private readonly Option<string?> _action = Flags.Text(
        "--action", "ACTION", "Which question, or the beginning of its name, where several wait.");

    public AnswerCommand(World world)
        : base("answer", "Answer in words what the agent asked.", world)
    {
        _run = new RunFlags(this);
        Add(_text);
        Add(_action);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var text = parse.GetValue(_text) ?? "";
        Problem.ThrowUnless(
            text.Trim().Length > 0 && text.Length <= AnswerLengthMax, "usage.invalid_value",
            $"An answer has 1 to {AnswerLengthMax} characters.");

        return WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                var named = parse.GetValue(_action) ?? "";
                var report = await host.ReportAsync(run, stop);
                var asked = report.Approvals
                    .Where(each => each.Tool == QuestionTool
                        && each.Action.StartsWith(named, StringComparison.OrdinalIgnoreCase))
                    .ToList();
                Problem.ThrowUnless(
                    asked.Count > 0, "question.not_found",
                    "This run has no such question; what else waits is answered with `reeve approve`.");
                Problem.ThrowUnless(
                    asked.Count == 1,
                    "question.ambiguous",
                    "More than one question waits; name the one with --action.");

                await host.AnswerAsync(run, asked[0].Action, isApproved: true, text, stop);
                World.Terminal.Out("✓ answered");
                World.Terminal.Out(
                    new Piece("  → ", Style.Accent),
                    $"reeve resume {RunWords.ShortId(report)}   if nobody works on it");
                return ExitCode.Ok;
            },
            stop);
    }
}
