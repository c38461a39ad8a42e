using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;

namespace Reeve.Cli.Commands;

/// <summary>Answers a question of a run from another terminal.</summary>
internal sealed class ApproveCommand : ReeveCommand
{
    public const int ReasonLengthMax = 2_000;

    private readonly RunFlags _run;
    private readonly Argument<string?> _which = new("ACTION")
    {
        Description = "Which action, or the beginning of its name, where several wait.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _action = Flags.Text(
        "--action", "ACTION", "Which action, or the beginning of its name, where several wait.");
    private readonly Option<string?> _scope = Flags.Text(
        "--scope", "SCOPE", "For how long: once, session (this run), project (this folder) or always.");
    private readonly Option<string[]> _rules = new("--rule")
    {
        Description = "The rule to approve in place of the one that --list shows. May be repeated.",
        HelpName = "RULE",
    };

    private readonly Option<bool> _deny = Flags.Switch("--deny", "Say no.");
    private readonly Option<string?> _reason = Flags.Text("--reason", "TEXT", "Why; the model is told of a no.");
    private readonly Option<bool> _list = Flags.Switch("--list", "Only show what waits for an answer.");
    private readonly Option<bool> _json = Flags.Json("Print one JSON object of the run.");
    private readonly bool _alwaysDenies;

    public ApproveCommand(World world)
        : this("approve", "Answer what a run asks: allow it, once or for longer, or deny it.", world)
    {
        foreach (var option in (Option[])[_scope, _rules, _deny, _list])
        {
            Add(option);
        }
    }

    private ApproveCommand(string name, string description, World world)
        : base(name, description, world)
    {
        _alwaysDenies = name == "deny";
        _run = new RunFlags(this);
        Add(_which);

        foreach (var option in (Option[])[_action, _reason, _json])
        {
            Add(option);
        }
    }

    /// <summary>The same, to say no.</summary>
    public static ApproveCommand Denying(World world) =>
        new("deny", "Say no to what a run asks, and tell the model why.", world);

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var reason = parse.GetValue(_reason) ?? "";
        Problem.ThrowUnless(
            reason.Length <= ReasonLengthMax, "usage.invalid_value",
            $"A reason has at most {ReasonLengthMax} characters.");
        var isApproved = !_alwaysDenies && !parse.GetValue(_deny);
        var reply = new ApprovalReply(isApproved, isApproved ? ScopeOf(parse) : ApprovalScope.Once)
        {
            Rules = _alwaysDenies ? [] : parse.GetValue(_rules) ?? [],
            Reason = reason,
            Said = isApproved ? "" : reason,
        };

        return WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                var isList = !_alwaysDenies && parse.GetValue(_list);

                if (!isList)
                {
                    await host.AnswerAsync(run, parse.GetValue(_which) ?? parse.GetValue(_action), reply, stop);
                }

                var report = await host.ReportAsync(run, stop);
                Write(report, parse.GetValue(_json), isList, reply);
                return ExitCode.Ok;
            },
            stop);
    }

    private ApprovalScope ScopeOf(ParseResult parse)
    {
        switch (parse.GetValue(_scope))
        {
            case null when (parse.GetValue(_rules) ?? []).Length > 0:
                RefuseValue("--rule", "given together with --scope session, project or always");
                return ApprovalScope.Once;
            case null or "once":
                return ApprovalScope.Once;
            case "session":
                return ApprovalScope.Session;
            case "project":
                return ApprovalScope.Project;
            case "always":
                return ApprovalScope.Always;
            default:
                RefuseValue("--scope", "once, session, project or always");
                return ApprovalScope.Once;
        }
    }

    private void Write(RunReport report, bool isJson, bool isList, ApprovalReply reply)
    {
        if (isJson)
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                RunDocument.Of(report, ExitCodes.Of(report)), Documents.Default.RunDocument));
            return;
        }

        if (!isList)
        {
            World.Terminal.Out(!reply.IsApproved ? "✓ denied" : reply.Scope switch
            {
                ApprovalScope.Session => "✓ approved, for this run",
                ApprovalScope.Project => "✓ approved, for this folder; `reeve permissions` lists it",
                ApprovalScope.Always => "✓ approved, always; `reeve permissions` lists it",
                _ => "✓ approved, once",
            });
            World.Terminal.Out(
                new Piece("  → ", Style.Accent), $"reeve resume {RunWords.ShortId(report)}   if nobody works on it");
            return;
        }

        foreach (var approval in report.Approvals)
        {
            World.Terminal.Out(new Piece(approval.Action[..Math.Min(12, approval.Action.Length)], Style.Bold),
                $"  {approval.Tool}");
            World.Terminal.Out($"  {approval.Arguments}");

            if (approval.Rules.Count > 0)
            {
                World.Terminal.Out(new Piece(
                    $"  for longer: {InertText.OneLine(string.Join("  ", approval.Rules), 500)}", Style.Dim));
            }

            World.Terminal.Out(new Piece(
                $"  {approval.Reason} · until {approval.ExpiresAt.ToLocalTime():yyyy-MM-dd HH:mm}", Style.Dim));
        }

        if (report.Approvals.Count == 0)
        {
            World.Terminal.Error("Nothing waits for an answer.");
        }
    }
}
