using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>The subcommands of git that list with some arguments and change with others.</summary>
internal static class GitArguments
{
    private static readonly Dictionary<string, (string[] Flags, string[] Valued, string[] ListFlags)> s_lists =
        new(StringComparer.Ordinal)
        {
            ["branch"] = (
                ["-a", "-r", "-v", "-vv", "-av", "-avv", "-rv", "-rvv", "-l", "-la", "-al", "--list", "--all",
                    "--remotes",
                    "--verbose", "--show-current", "--ignore-case", "-i", "--no-color", "--no-column", "--omit-empty"],
                ["--contains", "--no-contains", "--merged", "--no-merged", "--sort", "--format", "--points-at",
                    "--color", "--column", "--abbrev"],
                ["--list", "-l", "-la", "-al"]),
            ["tag"] = (
                ["-l", "--list", "-n", "-i", "--ignore-case", "--no-column", "--omit-empty", "-ln", "-nl", "-n1",
                    "-n5"],
                ["--contains", "--no-contains", "--merged", "--no-merged", "--sort", "--format", "--points-at",
                    "--color", "--column"],
                ["-l", "--list", "-ln", "-nl", "-n1", "-n5", "-n"]),
        };

    private static readonly string[] s_configReads =
    [
        "--get", "--get-all", "--get-regexp", "--get-urlmatch", "--list", "-l", "get", "list", "--get-color",
        "--get-colorbool",
    ];

    private static readonly string[] s_configFlags =
    [
        "--local", "--global", "--system", "--worktree", "--show-origin", "--show-scope", "--name-only", "-z", "--null",
        "--bool", "--int", "--path", "--type=bool", "--type=int", "--type=path", "--includes", "--no-includes", "--all",
        "--regexp",
    ];

    public static Opinion Of(PartContext part)
    {
        var git = ProgramTable.Shared.Find("git")!;
        var at = 1;

        for (; at < part.Words.Length && part.Words[at].Text is ['-', ..] or { Length: 0 }; at++)
        {
            if (!part.Words[at].IsLiteral || git.Find(part.Words[at].Text.Split('=')[0]) is not { } option
                || option.Effect != OptionEffect.Safe)
            {
                return Opinion.Asked("git", "an option before the subcommand may start another program");
            }

            if (option.Name == "-C")
            {
                at++;

                if (at >= part.Words.Length || part.WhyNotPath(part.Words[at], isRead: true) is not null
                    || part.Words[at].Text.StartsWith('/'))
                {
                    return Opinion.Asked("git", "a repository elsewhere may start programs of its own");
                }
            }
        }

        if (at >= part.Words.Length)
        {
            return Opinion.Asked("git", "it has no subcommand");
        }

        if (!part.Words[at].IsLiteral)
        {
            return Opinion.Asked("git", "the subcommand is not known before it runs");
        }

        return OfSubcommand(part, part.Words[at].Text, at + 1);
    }

    private static Opinion OfSubcommand(PartContext part, string subcommand, int from)
    {
        var name = $"git {subcommand}";
        var rest = part.Words[from..];

        if (s_lists.TryGetValue(subcommand, out var list))
        {
            return Opinion.Of(name, WhyNotList(part, rest, list.Flags, list.Valued, list.ListFlags));
        }

        switch (subcommand)
        {
            case "remote":
                return Opinion.Of(name, IsAny(rest, [], ["-v"], ["--verbose"], ["get-url", ""], ["get-url", "--all",
                    ""],
                    ["show"], ["-v", "show"]) ? null : More);
            case "stash":
                return rest is [{ Text: "list" or "show" }, ..]
                    ? OfTable(part, ProgramTable.Shared.Find("git log")!, name, from + 1)
                    : Opinion.Asked(name, More);
            case "config":
                return Opinion.Of(name, WhyNotConfig(part, rest));
            case "reflog":
                return rest is [{ Text: "expire" or "delete" or "drop" or "write" }, ..]
                    ? Opinion.Asked(name, More)
                    : OfTable(part, ProgramTable.Shared.Find("git log")!, name,
                        rest is [{ Text: "show" or "list" or "exists" }, ..] ? from + 1 : from);
            case "worktree":
                return Opinion.Of(name, IsAny(rest, ["list"], ["list", "--porcelain"], ["list", "-v"]) ? null : More);
            case "submodule":
                return Opinion.Of(name, IsAny(rest, [], ["status"], ["status", "--recursive"], ["summary"]) ? null
                    : More);
            case "notes":
                return Opinion.Of(name, IsAny(rest, [], ["list"], ["show"], ["show", ""]) ? null : More);
            case "bisect":
                return Opinion.Of(name, IsAny(rest, ["log"]) ? null : More);
            case "symbolic-ref":
                return Opinion.Of(name, IsAny(rest, ["HEAD"], ["--short", "HEAD"], ["-q", "HEAD"]) ? null : More);
            default:
                return ProgramTable.Shared.Find(name) is { } entry
                    ? OfTable(part, entry, name, from)
                    : Opinion.Asked("git", "the subcommand is not known; it may be another name for any program");
        }
    }

    private const string More = "no rule allows it, and it does more than list";

    private static Opinion OfTable(PartContext part, ProgramEntry entry, string name, int from) =>
        Opinion.Of(name, ReadOnlyCommands.WhyNot(part, entry, from) ?? WhyNotRevision(part, from));

    // REVISION:PATH names a file too.
    private static string? WhyNotRevision(PartContext part, int from) =>
        part.Words.Skip(from).Any(word => word.Text.Contains(':', StringComparison.Ordinal)
            && !word.Text.StartsWith('-') && Places.NamesSecret(word.Text[(word.Text.IndexOf(':') + 1)..]))
            ? "it names a place where secrets are kept"
            : null;

    private static bool IsAny(ImmutableArray<ShellWord> words, params ReadOnlySpan<string[]> shapes)
    {
        foreach (var shape in shapes)
        {
            var isShape = shape.Length == words.Length && words.All(word => word.IsLiteral);

            for (var index = 0; isShape && index < shape.Length; index++)
            {
                // An empty word in the shape stands for any name.
                isShape = shape[index].Length == 0 ? !words[index].Text.StartsWith('-')
                    : shape[index] == words[index].Text;
            }

            if (isShape)
            {
                return true;
            }
        }

        return false;
    }

    private static string? WhyNotList(
        PartContext part, ImmutableArray<ShellWord> rest, string[] flags, string[] valued, string[] listFlags)
    {
        var isList = rest.Any(word => listFlags.Contains(word.Text));

        for (var index = 0; index < rest.Length; index++)
        {
            var word = rest[index];
            var name = word.Text.Split('=')[0];

            if (flags.Contains(word.Text))
            {
                continue;
            }

            if (!valued.Contains(name))
            {
                return isList && !word.Text.StartsWith('-') && !word.HasUnknownStart ? null : More;
            }

            // Its value may be the next word.
            if (name == word.Text && name is not ("--color" or "--column" or "--abbrev") && index + 1 < rest.Length
                && !rest[index + 1].Text.StartsWith('-') && !rest[index + 1].HasUnknownStart)
            {
                index++;
            }
        }

        return rest.Select(part.WhyNotShown).FirstOrDefault(reason => reason is not null);
    }

    private static string? WhyNotConfig(PartContext part, ImmutableArray<ShellWord> rest)
    {
        var isRead = rest.Any(word => s_configReads.Contains(word.Text));
        var plain = 0;

        foreach (var word in rest)
        {
            if (!word.IsLiteral)
            {
                return More;
            }

            if (word.Text.StartsWith('-') && !s_configReads.Contains(word.Text) && !s_configFlags.Contains(word.Text))
            {
                return "an option of it is not known to be harmless";
            }

            plain += word.Text.StartsWith('-') || s_configReads.Contains(word.Text) ? 0 : 1;
        }

        return (isRead && plain <= 2) || (plain == 1 && !rest[0].Text.Contains("edit", StringComparison.Ordinal)
            && rest.All(word => word.Text is not ("set" or "unset" or "edit" or "rename-section" or "remove-section")))
            ? part.Words.Any(word => Places.NamesSecret(word.Text)) ? "it names a place where secrets are kept" : null
            : "it changes how git works, or which programs it starts";
    }
}
