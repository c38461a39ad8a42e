using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Commands;

/// <summary>Answers a question of a run from another terminal.</summary>
internal sealed class ApproveCommand : ReeveCommand
{
    public const int ReasonLengthMax = 2_000;

    private readonly RunFlags _run;
    private readonly Option<string?> _action = Flags.Text(
        "--action", "ACTION", "Which action, or the beginning of its name, where several wait.");
    private readonly Option<bool> _deny = Flags.Switch("--deny", "Say no.");
    private readonly Option<string?> _reason = Flags.Text("--reason", "TEXT", "Why; kept in the journal.");
    private readonly Option<bool> _list = Flags.Switch("--list", "Only show what waits for an answer.");
    private readonly Option<bool> _json = Flags.Json("Print one JSON object of the run.");

    public ApproveCommand(World world)
        : base("approve", "Answer what a run asks: allow it once, or deny it.", world)
    {
        _run = new RunFlags(this);

        foreach (var option in (Option[])[_action, _deny, _reason, _list, _json])
        {
            Add(option);
        }
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var reason = parse.GetValue(_reason) ?? "";
        Problem.ThrowUnless(
            reason.Length <= ReasonLengthMax, "usage.invalid_value",
            $"A reason has at most {ReasonLengthMax} characters.");

        return WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                var isApproved = !parse.GetValue(_deny);

                if (!parse.GetValue(_list))
                {
                    await host.AnswerAsync(run, parse.GetValue(_action), isApproved, reason, stop);
                }

                var report = await host.ReportAsync(run, stop);
                Write(report, parse.GetValue(_json), parse.GetValue(_list), isApproved);
                return ExitCode.Ok;
            },
            stop);
    }

    private void Write(RunReport report, bool isJson, bool isList, bool isApproved)
    {
        if (isJson)
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                RunDocument.Of(report, ExitCodes.Of(report)), Documents.Default.RunDocument));
            return;
        }

        if (!isList)
        {
            World.Terminal.Out(isApproved ? "✓ approved, once" : "✓ denied");
            World.Terminal.Out(
                new Piece("  → ", Style.Accent), $"reeve resume {RunWords.ShortId(report)}   if nobody works on it");
            return;
        }

        foreach (var approval in report.Approvals)
        {
            World.Terminal.Out(new Piece(approval.Action[..Math.Min(12, approval.Action.Length)], Style.Bold),
                $"  {approval.Tool}");
            World.Terminal.Out($"  {approval.Arguments}");
            World.Terminal.Out(new Piece(
                $"  {approval.Reason} · until {approval.ExpiresAt.ToLocalTime():yyyy-MM-dd HH:mm}", Style.Dim));
        }

        if (report.Approvals.Count == 0)
        {
            World.Terminal.Error("Nothing waits for an answer.");
        }
    }
}
