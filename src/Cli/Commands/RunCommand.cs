using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Interactive;
using Reeve.Cli.Live;
using Reeve.Cli.Output;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>Hands a goal over, follows the run, and reports how far its result was proven.</summary>
internal sealed class RunCommand : ReeveCommand
{
    public const int GoalLengthMax = 200_000, CriteriaMax = 64;

    private readonly Argument<string?> _goal = new("GOAL")
    {
        Description = "What is to be achieved; - or nothing reads it from standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _prompt = Flags.Text("--prompt", "GOAL", "The goal, as a flag.", "-p");
    private readonly Option<string?> _model = Flags.Text("--model", "PROVIDER/NAME", "The model to use.");
    private readonly Option<string> _format = OutputFlag();
    private readonly Option<string?> _turns = Flags.Text("--max-turns", "N", "End the run after so many replies.");
    private readonly Option<string?> _dollars = Flags.Text("--max-budget-usd", "DOLLARS", "What the run may cost.");
    private readonly Option<string?> _mode = Flags.Of(
        Flags.Text(
            "--permission-mode", "MODE", "How much is asked: " + string.Join(", ", SettingKeys.Modes) + "."),
        [.. SettingKeys.Modes]);
    private readonly Option<string[]> _accept = new("--accept")
    {
        Description = "A command that must succeed on the final tree; Reeve runs it itself. May be repeated.",
        HelpName = "COMMAND",
    };

    private readonly Option<string[]> _allowed = Rules("--allowedTools", "Rules to allow, as Bash(npm test:*).");
    private readonly Option<string[]> _disallowed = Rules("--disallowedTools", "Rules to deny, as WebFetch.");
    private readonly Option<string[]> _folders = Flags.MoreFolders();
    private readonly Option<bool> _dryRun = Flags.Switch(
        "--dry-run", "Show what would happen: every effect is decided and listed, and only reading happens.");
    private readonly Option<string?> _apply = ApplyFlag();
    private readonly Option<string?> _record = Flags.Text("--record", "FILE",
        "Record the model's replies as a script.");
    private readonly Option<string?> _schema = Flags.Text("--output-schema", "FILE",
        "A JSON Schema that the answer must fit; standard output is then exactly that JSON.");
    private readonly Option<string?> _profile = Flags.Profile();

    private readonly Option<bool> _continue = new("--continue", "-c")
    {
        Description = "Go on in the session of this folder that was touched last.",
    };

    private readonly Option<string?> _resume = Flags.Text(
        "--resume", "SESSION", "Go on in a session, by its name or a run of it.", "-r");
    private readonly Option<bool> _compact = Flags.Switch(
        "--compact", "With -c or -r: summarise the older parts of the conversation first.");

    private readonly Option<string?> _session = Flags.Text("--session", "NAME", "What the new session is called.");
    private readonly Option<string?> _folder = Flags.Folder();

    public RunCommand(World world)
        : base("run", "Hand a goal to the agent, in this folder.", world)
    {
        Add(_goal);

        foreach (var option in (Option[])
            [_prompt, _model, _format, _turns, _dollars, _mode, _allowed, _disallowed, _folders, _dryRun,
                _accept, _apply, _record, _schema, _profile, _continue, _resume, _compact, _session, _folder])
        {
            Add(option);
        }
    }

    private static Option<string[]> Rules(string name, string description) => new(name)
    {
        Description = description + " A comma stands between several; may be repeated.",
        HelpName = "RULES",
    };

    /// <summary>Rules as people pass them on a command line: a comma inside parentheses belongs to its rule.</summary>
    internal static IReadOnlyList<string> SplitRules(IEnumerable<string> texts)
    {
        var rules = new List<string>();

        foreach (var text in texts)
        {
            var (start, depth) = (0, 0);

            for (var at = 0; at <= text.Length; at++)
            {
                depth += at == text.Length ? 0 : text[at] switch { '(' => 1, ')' => -1, _ => 0 };

                if (at == text.Length || (text[at] == ',' && depth <= 0))
                {
                    rules.Add(text[start..at].Trim());
                    start = at + 1;
                }
            }
        }

        rules.RemoveAll(rule => rule.Length == 0);
        return rules;
    }

    internal static Option<string?> ApplyFlag() =>
        Flags.Of(
            Flags.Text("--apply", "WHEN", "When changes go to your files: ask, verified or never."),
            "ask", "verified", "never");

    internal static Option<string> OutputFlag() => Flags.Of(
        new Option<string>("--output-format")
        {
            Description = "text, json (one object at the end) or stream-json (one object a line).",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "text",
        },
        "text", "json", "stream-json");

    protected override OutputFormat FormatOf(ParseResult parse) => parse.GetValue(_format) switch
    {
        "json" => OutputFormat.Json,
        "stream-json" => OutputFormat.StreamJson,
        _ => OutputFormat.Text,
    };

    protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var format = OutputFormats.Parse(parse.GetValue(_format)!);
        var settings = ReadSettings(FlagsOf(parse));
        var workspace = WorkspaceOf(parse, _folder);
        var criteria = parse.GetValue(_accept) ?? [];

        if (IsInteractive(parse, format))
        {
            await new TrustPrompt(World, settings).LookAsync(workspace, stop);
            return await TalkAsync(parse, settings, workspace, stop);
        }

        Problem.ThrowUnless(
            criteria.Length <= CriteriaMax, "criteria.too_many", $"At most {CriteriaMax} commands can be accepted by.");
        var goal = await GoalAsync(parse, stop);

        // Who cannot be asked is told so when the run is admitted: its gate then denies instead of waiting.
        var canAsk = settings.Permissions.Mode is not ("dontAsk" or "daemon");
        var request = new RunRequest(
            goal, workspace, settings.Model, criteria, settings.Permissions.Mode, canAsk, settings.Apply,
            settings.Limits.Turns, settings.Limits.Dollars, RecordPath(parse))
        {
            OutputSchema = SchemaOf(parse),
            AllowedTools = SplitRules(parse.GetValue(_allowed) ?? []),
            DisallowedTools = SplitRules(parse.GetValue(_disallowed) ?? []),
            Folders = Flags.FoldersOf(parse, _folders, World),
            IsDryRun = parse.GetValue(_dryRun),
            Session = parse.GetValue(_session),
            MustCompact = parse.GetValue(_compact),
        };
        await new TrustPrompt(World, settings).LookAsync(workspace, stop);
        var line = LineOf(parse);

        return await WithHostAsync(
            settings,
            async host =>
            {
                var run = line is null
                    ? await host.SubmitAsync(request, stop)
                    : await GoOnAsync(host, line, request with { Model = parse.GetValue(_model) }, stop);
                World.Trail.Run = run;
                var session = new RunFollower(World, host, settings, format);
                return request.IsDryRun
                    ? await session.FollowDryAsync(run, stop)
                    : await session.FollowAsync(run, settings.Apply, stop);
            },
            stop);
    }

    /// <summary>Nothing was said and a person is there: it is said at the prompt.</summary>
    private bool IsInteractive(ParseResult parse, OutputFormat format) =>
        format == OutputFormat.Text && parse.GetValue(_goal) is null && parse.GetValue(_prompt) is null
        && parse.GetValue(_accept) is null or [] && parse.GetValue(_record) is null
        && parse.GetValue(_session) is null && SessionStart.IsPossible(World.Terminal.Traits);

    private Task<ExitCode> TalkAsync(
        ParseResult parse, Settings settings, string workspace, CancellationToken stop)
    {
        var line = LineOf(parse);

        return WithHostAsync(
            settings,
            async host => await new SessionStart(World, host, FlagsOf(parse), workspace)
            {
                AllowedTools = SplitRules(parse.GetValue(_allowed) ?? []),
                DisallowedTools = SplitRules(parse.GetValue(_disallowed) ?? []),
                Folders = Flags.FoldersOf(parse, _folders, World),
                CompactsNext = parse.GetValue(_compact),
                Head = line is null ? null : (await host.FindSessionAsync(line, workspace, stop)).Head,
            }.RunAsync(stop),
            stop);
    }

    /// <summary>The session to go on in; null for one of its own.</summary>
    private string? LineOf(ParseResult parse)
    {
        var (isNext, named) = (parse.GetValue(_continue), parse.GetValue(_resume));
        Problem.ThrowUnless(
            !isNext || named is null, "usage.invalid_value", "Give -c or -r, not both.");
        Problem.ThrowUnless(
            parse.GetValue(_session) is null || (!isNext && named is null), "usage.invalid_value",
            "--session names a new session; `reeve sessions rename` names one that is there.");

        Problem.ThrowUnless(
            !parse.GetValue(_compact) || isNext || named is not null, "usage.invalid_value",
            "--compact summarises what a session said so far; give it with -c or -r.");

        return isNext ? "last" : named;
    }

    // What was not said anew stays as it was: the model is the session's, unless a flag names another.
    private async Task<RunKey> GoOnAsync(IReeveHost host, string line, RunRequest request, CancellationToken stop)
    {
        var session = await host.FindSessionAsync(line, request.Workspace, stop);
        var report = await host.ContinueSessionAsync(session.Session, request, stop);
        ForkWords.Write(World.Terminal, report, "goes on from");
        return report.Run;
    }

    private List<FlagValue> FlagsOf(ParseResult parse)
    {
        var flags = new List<FlagValue>();
        (Option<string?> Option, string Key)[] known =
        [
            (_model, "model"), (_turns, "limits.turns"), (_dollars, "limits.dollars"), (_mode, "permissions.mode"),
            (_apply, "apply"), (_profile, "profile"),
        ];

        foreach (var (option, key) in known)
        {
            if (parse.GetValue(option) is { } text)
            {
                flags.Add(new FlagValue(key, option.Name, text));
            }
        }

        return flags;
    }

    private async Task<string> GoalAsync(ParseResult parse, CancellationToken stop)
    {
        var argument = parse.GetValue(_goal);
        var prompt = parse.GetValue(_prompt);
        Problem.ThrowUnless(
            argument is null || prompt is null, "usage.invalid_value",
            "Give the goal once: as an argument or with -p.");
        var goal = argument ?? prompt;

        if (goal is null or "-")
        {
            Problem.ThrowUnless(
                !World.Terminal.Traits.IsInputTerminal, "goal.missing", "Say what is to be achieved: reeve \"goal\".");
            goal = await World.Terminal.ReadInputAsync(GoalLengthMax, stop);
        }

        Problem.ThrowUnless(
            goal is { Length: <= GoalLengthMax }, "goal.too_large", $"A goal has at most {GoalLengthMax} characters.");
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(goal), "goal.missing", "Say what is to be achieved: reeve \"goal\".");
        return goal.Trim();
    }

    private string SchemaOf(ParseResult parse)
    {
        if (parse.GetValue(_schema) is not { } path)
        {
            return "";
        }

        var text = ConfigurationFiles.Read(Path.Join(path.StartsWith('/') ? "" : World.Directory, path), "schema");
        Problem.ThrowUnless(text is not null, "schema.not_found", "There is no such file for --output-schema.");
        Problem.ThrowUnless(!string.IsNullOrWhiteSpace(text), "schema.invalid", "The schema of the output is empty.");
        return text;
    }

    private string? RecordPath(ParseResult parse) =>
        parse.GetValue(_record) is { } path ? Path.Join(path.StartsWith('/') ? "" : World.Directory, path) : null;
}
