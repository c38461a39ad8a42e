using System.CommandLine;
using System.CommandLine.Completions;

namespace Reeve.Cli.ShellCompletion;

/// <summary>What can be typed after one command: subcommands, flags and what its argument is.</summary>
internal sealed record Completed(
    string Path, string Name, string Meaning, IReadOnlyList<Completed> Below, IReadOnlyList<CompletedFlag> Flags,
    CompletedValue Argument)
{
    /// <summary>The whole command line, from the table of commands.</summary>
    public static Completed All(World world)
    {
        List<Completed> commands = [.. CommandTable.All.Select(entry => Of(entry.Build(world), ""))];

        // A goal without a command is one for "run", and has its flags.
        return new Completed(
            "", "reeve", "", commands,
            [
                .. commands.Single(command => command.Name == "run").Flags,
                new CompletedFlag(["--version"], "Print the version.", CompletedValue.None),
            ],
            CompletedValue.None);
    }

    public IEnumerable<Completed> WithBelow() => Below.SelectMany(below => below.WithBelow()).Prepend(this);

    private static Completed Of(Command command, string path)
    {
        var own = path.Length > 0 ? $"{path} {command.Name}" : command.Name;
        return new Completed(
            own, command.Name, command.Description ?? "",
            [.. command.Subcommands.Select(sub => Of(sub, own))],
            [
                .. command.Options.Select(option => new CompletedFlag(
                    [.. option.Aliases.Append(option.Name).Distinct().OrderBy(name => name.Length)],
                    option.Description ?? "", ValueOf(option))),
                new CompletedFlag(["--help"], "Show help.", CompletedValue.None),
            ],
            command.Arguments is [var argument, ..]
                ? ValueOf(argument.Name, argument.GetCompletions(CompletionContext.Empty)) : CompletedValue.None);
    }

    private static CompletedValue ValueOf(Option option) => option.ValueType == typeof(bool)
        ? CompletedValue.None : ValueOf(option.HelpName ?? "", option.GetCompletions(CompletionContext.Empty));

    private static CompletedValue ValueOf(string kind, IEnumerable<CompletionItem> words)
    {
        var choices = words.Select(word => word.Label).ToList();

        return choices.Count > 0 ? new CompletedValue(ValueKind.Word, choices) : kind switch
        {
            "DIR" => new CompletedValue(ValueKind.Folder, []),
            "FILE" or "PATH" or "SCRIPT" => new CompletedValue(ValueKind.File, []),
            "RUN" => new CompletedValue(ValueKind.Run, []),
            _ => new CompletedValue(ValueKind.Text, []),
        };
    }
}

/// <param name="Names">The short one first.</param>
internal sealed record CompletedFlag(IReadOnlyList<string> Names, string Meaning, CompletedValue Value);

/// <param name="Words">What it may be, where that is known.</param>
internal sealed record CompletedValue(ValueKind Kind, IReadOnlyList<string> Words)
{
    public static CompletedValue None { get; } = new(ValueKind.None, []);
}

internal enum ValueKind
{
    None = 0,
    Text,
    Word,
    File,
    Folder,

    /// <summary>The beginning of the identifier of a run of this folder.</summary>
    Run,
}
