using System.CommandLine;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Commands;

/// <summary>Flags that several commands have, said the same way everywhere.</summary>
internal static class Flags
{
    public static Option<bool> Json(string description = "Print one JSON object.") =>
        new("--json") { Description = description };

    public static Option<string?> Folder() =>
        new("--cwd", "-C") { Description = "Work in this folder instead of the current one.", HelpName = "DIR" };

    public static Option<string[]> MoreFolders() => new("--add-dir")
    {
        Description = "A further folder that the agent may read, and not change. May be repeated.",
        HelpName = "DIR",
    };

    /// <summary>Full paths of what was given, seen from where the command was typed.</summary>
    public static IReadOnlyList<string> FoldersOf(ParseResult parse, Option<string[]> option, World world) =>
        [.. (parse.GetValue(option) ?? []).Select(folder => Path.GetFullPath(folder, world.Directory))];

    public static Option<string?> Profile() =>
        Text("--profile", "NAME", "Take the keys of this profile of the configuration.");

    public static IReadOnlyList<FlagValue> ProfileOf(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is { } name ? [new FlagValue("profile", option.Name, name)] : [];

    public static Option<string?> Text(string name, string help, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = help };

    /// <summary>The same, where the words it may be are known; completion offers them.</summary>
    public static TOption Of<TOption>(TOption option, params string[] words)
        where TOption : Option
    {
        option.CompletionSources.Add(words);
        return option;
    }

    public static Option<int?> Number(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };
}
