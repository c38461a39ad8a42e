using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>Says whether a rule that allows a program by its first words is enough for all it is called with.</summary>
internal static class RuledCommands
{
    private static readonly HashSet<string> s_interpreters = new(StringComparer.Ordinal)
    {
        "python", "python2", "python3", "pypy", "pypy3", "node", "nodejs", "deno", "bun", "perl", "ruby", "php", "lua",
        "luajit", "tclsh", "R", "Rscript", "irb", "ghci", "jshell", "groovy", "guile", "psql", "mysql", "sqlite3",
    };

    /// <summary>Why the rule is not enough; null where it is.</summary>
    public static string? WhyNot(PartContext part, CommandPattern rule)
    {
        // What every program may do under such a rule needs no list of options.
        if (rule.Words.IsEmpty)
        {
            return null;
        }

        var words = part.Words;
        var program = part.Program;
        var (entry, from) = ProgramTable.Shared.FindFor(words);

        if (WhyNotSecret(words, rule) is { } secret)
        {
            return secret;
        }

        var ofProgram = program switch
        {
            "git" => WhyNotGit(words, rule, entry),
            "find" => WhyNotFind(words, rule),
            "tar" or "gtar" or "bsdtar" => WhyNotBundle(words, rule),
            "sed" or "gsed" => Named(rule, "-i") ? null : TextPrograms.WhyNotSed(part),
            "awk" or "gawk" or "mawk" or "nawk" => TextPrograms.WhyNotAwk(part),
            "jq" or "yq" => words.Skip(1).Select(word => Languages.WhyNot(program, word))
                .FirstOrDefault(reason => reason is not null && !words[1].Text.StartsWith('-')),
            "date" or "printf" or "test" or "[" or "[[" => null,
            "parallel" or "script" or "su" or "at" or "batch" or "flock" or "runuser" when rule.Words.Length < 2
                && words.Length > 1 => "it starts a command that is written in its arguments",
            "xargs" => WhyNotXargs(part),
            "env" => WhyNotEnvironment(part),
            "uniq" or "xxd" => words.Skip(1).Count(word => !word.Text.StartsWith('-')) > 1
                ? "its second argument is a file that it writes" : null,
            _ when s_interpreters.Contains(program) && words.Length == 1 => "it takes its code from its input",
            _ => null,
        };

        return ofProgram
            ?? (program == "git" && ProgramTable.Shared.Find("git") is { } git
                ? RiskyOptions.FirstIn(part, git, words[..Math.Min(from, words.Length)], 1, rule) : null)
            ?? (entry is null || program is "sed" or "gsed" or "awk" or "gawk" or "mawk" or "nawk" or "find"
                ? null : RiskyOptions.FirstIn(part, entry, words, from, rule));
    }

    private static bool Named(CommandPattern rule, string option) => rule.Names(option);

    private static string? WhyNotSecret(ImmutableArray<ShellWord> words, CommandPattern rule)
    {
        foreach (var word in words.Skip(1))
        {
            var isPath = !word.Text.AsSpan().ContainsAny(' ', '\n') && !word.Text.StartsWith("--",
                StringComparison.Ordinal);

            if (isPath && Places.NamesSecret(word.Text) && !rule.Names(word.Text))
            {
                return "it names a place where secrets are kept";
            }
        }

        return null;
    }

    private static string? WhyNotGit(ImmutableArray<ShellWord> words, CommandPattern rule, ProgramEntry? entry)
    {
        if (words.Any(word => word.Text.Contains("ext::", StringComparison.Ordinal)
            || word.Text.StartsWith("fd::", StringComparison.Ordinal)))
        {
            return "its address starts a program";
        }

        var at = 1;

        while (at < words.Length && words[at].Text.StartsWith('-'))
        {
            at += words[at].Text is "-c" or "-C" or "--git-dir" or "--work-tree" or "--namespace" ? 2 : 1;
        }

        if (at >= words.Length)
        {
            return null;
        }

        var subcommand = words[at].Text;
        var rest = words[(at + 1)..].Select(word => word.Text).ToList();

        if (entry is null or { Name: "git" } || !words[at].IsLiteral)
        {
            return rule.Words.Contains(subcommand) ? null
                : "the subcommand is not known; it may be another name for any program";
        }

        return subcommand switch
        {
            "config" => WhyNotConfig(rest, rule),
            "submodule" when rest.Contains("foreach") && !rule.Names("foreach") => "foreach starts a program",
            "bisect" when rest.Contains("run") && !rule.Names("run") => "run starts a program",
            "filter-branch" or "hook" or "daemon" or "instaweb" or "send-email" or "credential" or "difftool"
                or "mergetool" or "upload-pack" or "receive-pack" or "http-backend" or "shell" or "maintenance" or "p4"
                or "svn" or "web--browse" when !rule.Words.Contains(subcommand)
                    => $"{subcommand} starts other programs",
            _ => null,
        };
    }

    private static string? WhyNotConfig(List<string> rest, CommandPattern rule)
    {
        if (!rule.Words.Contains("config"))
        {
            var isRead = rest.Exists(text => text is "--get" or "--list" or "-l" or "--get-all" or "--get-regexp"
                or "get"
                or "list");
            return isRead || (rest.Count(text => !text.StartsWith('-')) < 2
                && !rest.Exists(text => text is "-e" or "--edit" or "edit"))
                ? null : "it changes which programs git starts";
        }

        string[] starting =
        [
            "pager", "editor", "sshcommand", "fsmonitor", "hookspath", "alias.", "textconv", "external", "filter.",
            "credential", "gpg.", "include", "insteadof", "protocol.", "askpass", "browser", "difftool", "mergetool",
            "proxy", "uploadpack", "receivepack", "sendemail", "command", "gitproxy", "worktree", "attributesfile",
            "init.templatedir", "man.", "web.", "interactive.", "tar.", "driver",
        ];

        return rest.Exists(text => !rule.Names(text)
            && starting.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)))
            ? "the setting names a program that git starts, or a file that does"
            : rest.Exists(text => text is "-e" or "--edit" or "edit") ? "it starts an editor" : null;
    }

    private static string? WhyNotFind(ImmutableArray<ShellWord> words, CommandPattern rule)
    {
        foreach (var word in words.Skip(1))
        {
            if (!word.IsLiteral && word.HasUnknownStart && !word.IsQuoted)
            {
                return "an expansion in it may turn out to be an option";
            }

            if (word.Text is "-delete" or "-ok" or "-okdir" or "-fprint" or "-fprint0" or "-fprintf" or "-fls"
                && !rule.Names(word.Text))
            {
                return $"{word.Text} removes or writes files, or starts a program";
            }
        }

        return null;
    }

    // The old way to write options, as in tar xIf.
    private static string? WhyNotBundle(ImmutableArray<ShellWord> words, CommandPattern rule) =>
        words.Length > 1 && !words[1].Text.StartsWith('-') && words[1].Text.AsSpan().ContainsAny('I', 'F', 'P')
        && !rule.Words.Contains(words[1].Text)
            ? "an option of it can start another program"
            : null;

    private static string? WhyNotXargs(PartContext part)
    {
        var inner = part.Line.Commands.FirstOrDefault(command => ReferenceEquals(command.Starter, part.Command));

        if (inner is null)
        {
            return null;
        }

        var (entry, _) = ProgramTable.Shared.FindFor(inner.Words);

        return entry is { HasOnlyHarmlessOptions: true } && !ShellWrappers.IsWrapper(entry.Name)
            && !ShellWrappers.IsShell(entry.Name)
            ? null
            : "the arguments that come through the pipe may change what the program does";
    }

    private static string? WhyNotEnvironment(PartContext part)
    {
        foreach (var word in part.Words.Skip(1))
        {
            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);

            if (equals <= 0 || word.Text.StartsWith('-'))
            {
                if (!word.Text.StartsWith('-'))
                {
                    break;
                }

                continue;
            }

            if (!ShellPrograms.IsHarmlessVariable(word.Text[..equals]))
            {
                return "a variable that is set may change what the program does";
            }
        }

        return null;
    }
}
