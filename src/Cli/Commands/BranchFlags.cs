using System.CommandLine;
using Reeve.Cli.Output;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Commands;

/// <summary>What a run that goes on from another one may be given anew; what is not said stays as it was.</summary>
internal sealed class BranchFlags
{
    private readonly Argument<string?> _prompt = new("PROMPT")
    {
        Description = "How to go on.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _model = Flags.Text(
        "--model", "PROVIDER/NAME", "Another model than the run had.");
    private readonly Option<string?> _turns = Flags.Text("--max-turns", "N", "End the run after so many replies.");
    private readonly Option<string?> _dollars = Flags.Text("--max-budget-usd", "DOLLARS", "What the run may cost.");
    private readonly Option<string?> _mode = Flags.Text(
        "--permission-mode", "MODE", "How much is asked: " + string.Join(", ", SettingKeys.Modes) + ".");
    private readonly Option<string[]> _accept = new("--accept")
    {
        Description = "A command that must succeed on the final tree, in place of those the run had.",
        HelpName = "COMMAND",
    };

    private readonly Option<string[]> _folders = Flags.MoreFolders();
    private readonly Option<string?> _apply = RunCommand.ApplyFlag();

    public BranchFlags(Command command, string at)
    {
        At = Flags.Text("--at", "N", at);
        command.Add(_prompt);

        foreach (var option in (Option[])[At, _model, Format, _turns, _dollars, _mode, _accept, _folders, _apply])
        {
            command.Add(option);
        }
    }

    public Option<string?> At { get; }

    public Option<string> Format { get; } = RunCommand.OutputFlag();

    public OutputFormat FormatOf(ParseResult parse) => parse.GetValue(Format) switch
    {
        "json" => OutputFormat.Json,
        "stream-json" => OutputFormat.StreamJson,
        _ => OutputFormat.Text,
    };

    public long? AtOf(ParseResult parse)
    {
        if (parse.GetValue(At) is not { } text)
        {
            return null;
        }

        Authority.Problem.ThrowUnless(
            long.TryParse(text, System.Globalization.NumberStyles.None, null, out var at) && at > 0,
            "usage.invalid_value", "--at must be the number of an entry; `reeve rewind` without it lists them.");
        return at;
    }

    public List<FlagValue> SettingsOf(ParseResult parse)
    {
        (Option<string?> Option, string Key)[] known =
        [
            (_model, "model"), (_turns, "limits.turns"), (_dollars, "limits.dollars"), (_mode, "permissions.mode"),
            (_apply, "apply"),
        ];

        return [.. known.Where(flag => parse.GetValue(flag.Option) is not null)
            .Select(flag => new FlagValue(flag.Key, flag.Option.Name, parse.GetValue(flag.Option)!))];
    }

    public RunRequest RequestOf(ParseResult parse, Settings settings, World world) => new(
        parse.GetValue(_prompt)?.Trim() ?? "", world.Directory, parse.GetValue(_model), parse.GetValue(_accept),
        settings.Permissions.Mode, settings.Permissions.Mode is not ("dontAsk" or "daemon"), settings.Apply,
        settings.Limits.Turns, settings.Limits.Dollars)
    {
        Folders = Flags.FoldersOf(parse, _folders, world),
    };
}
