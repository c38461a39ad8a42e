using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Live;
using Reeve.Cli.Output;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;

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

    private readonly Option<string?> _apply = ApplyFlag();
    private readonly Option<string?> _record = Flags.Text("--record", "FILE",
        "Record the model's replies as a script.");
    private readonly Option<string?> _schema = Flags.Text("--output-schema", "FILE",
        "A JSON Schema that the answer must fit; standard output is then exactly that JSON.");
    private readonly Option<string?> _profile = Flags.Profile();
    private readonly Option<string?> _folder = Flags.Folder();

    public RunCommand(World world)
        : base("run", "Hand a goal to the agent, in this folder.", world)
    {
        Add(_goal);

        foreach (var option in (Option[])
            [_prompt, _model, _format, _turns, _dollars, _mode, _accept, _apply, _record, _schema, _profile, _folder])
        {
            Add(option);
        }
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
        };

        return await WithHostAsync(
            settings,
            async host =>
            {
                var run = await host.SubmitAsync(request, stop);
                World.Trail.Run = run;
                var session = new RunFollower(World, host, settings, format);
                return await session.FollowAsync(run, settings.Apply, stop);
            },
            stop);
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
