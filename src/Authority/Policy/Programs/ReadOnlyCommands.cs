using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>Says of a command whether it only reads what may be read unasked.</summary>
/// <remarks>
/// The default set that runs without a rule. Programs and options come from the table; a few programs are judged by
/// code of their own, because their arguments are a language. What is not known is never harmless.
/// </remarks>
internal static class ReadOnlyCommands
{
    private static readonly Dictionary<string, Func<PartContext, string?>> s_own = new(StringComparer.Ordinal)
    {
        ["find"] = FindArguments.WhyNot,
        ["sed"] = TextPrograms.WhyNotSed,
        ["gsed"] = TextPrograms.WhyNotSed,
        ["awk"] = TextPrograms.WhyNotAwk,
        ["gawk"] = TextPrograms.WhyNotAwk,
        ["mawk"] = TextPrograms.WhyNotAwk,
        ["nawk"] = TextPrograms.WhyNotAwk,
        ["tar"] = TextPrograms.WhyNotTar,
        ["gtar"] = TextPrograms.WhyNotTar,
        ["bsdtar"] = TextPrograms.WhyNotTar,
        ["unzip"] = TextPrograms.WhyNotUnzip,
        ["gzip"] = FilterPrograms.WhyNotCompression,
        ["gunzip"] = FilterPrograms.WhyNotCompression,
        ["bzip2"] = FilterPrograms.WhyNotCompression,
        ["bunzip2"] = FilterPrograms.WhyNotCompression,
        ["xz"] = FilterPrograms.WhyNotCompression,
        ["unxz"] = FilterPrograms.WhyNotCompression,
        ["printenv"] = FilterPrograms.WhyNotVariables,
        ["tee"] = FilterPrograms.WhyNotTee,
        ["date"] = SystemPrograms.WhyNotDate,
        ["ps"] = SystemPrograms.WhyNotPs,
        ["ip"] = SystemPrograms.WhyNotIp,
        ["systemctl"] = SystemPrograms.WhyNotService,
        ["go"] = SystemPrograms.WhyNotPackages,
        ["dotnet"] = SystemPrograms.WhyNotPackages,
        ["cargo"] = SystemPrograms.WhyNotPackages,
        ["gh"] = SystemPrograms.WhyNotPackages,
        ["printf"] = ShellPrograms.WhyNotPrintf,
        ["test"] = ShellPrograms.WhyNotTest,
        ["["] = ShellPrograms.WhyNotTest,
        ["[["] = ShellPrograms.WhyNotTest,
        ["cd"] = ShellPrograms.WhyNotFolder,
        ["pushd"] = ShellPrograms.WhyNotFolder,
        ["set"] = ShellPrograms.WhyNotSet,
        ["export"] = ShellPrograms.WhyNotExport,
        ["unset"] = ShellPrograms.WhyNotUnset,
        ["local"] = ShellPrograms.WhyNotUnset,
        ["read"] = ShellPrograms.WhyNotRead,
        ["shift"] = ShellPrograms.WhyNotNumber,
        ["break"] = ShellPrograms.WhyNotNumber,
        ["continue"] = ShellPrograms.WhyNotNumber,
        ["exit"] = ShellPrograms.WhyNotNumber,
        ["return"] = ShellPrograms.WhyNotNumber,
        ["wait"] = ShellPrograms.WhyNotNumber,
    };

    private static readonly HashSet<string> s_packageManagers = new(StringComparer.Ordinal)
    {
        "apt", "apt-get", "apt-cache", "dpkg", "rpm", "dnf", "yum", "pacman", "brew", "snap", "apk", "flatpak",
    };

    private static readonly HashSet<string> s_anyText = new(StringComparer.Ordinal)
    {
        "yes", "seq", "factor", "expr", "basename", "dirname", "sleep", "tput",
    };

    private static readonly HashSet<string> s_folders = new(StringComparer.Ordinal)
    {
        "/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin",
    };

    public static Opinion Of(PartContext part)
    {
        var words = part.Words;

        if (words.IsEmpty)
        {
            return Opinion.Of("assignment", ShellPrograms.WhyNotAssignments(part));
        }

        if (!words[0].IsLiteral)
        {
            return Opinion.Asked("programs", "the program is not known before it runs");
        }

        var path = words[0].Text;
        var program = part.Program;

        if (path.Length != program.Length && !s_folders.Contains(path[..(path.Length - program.Length - 1)]))
        {
            return Opinion.Asked("programs", "a program in a folder of its own may be any program");
        }

        if (part.Command.Assignments.FirstOrDefault(name => !ShellPrograms.IsHarmlessVariable(name)) is not null)
        {
            return Opinion.Asked(program, "a variable that is set for it may change what it does");
        }

        if (Versions.IsQuery(words))
        {
            return Opinion.Harmless($"{program} {words[^1].Text}");
        }

        return OfProgram(part, program);
    }

    private static Opinion OfProgram(PartContext part, string program)
    {
        if (Wrappers.WhyNot(part) is { } wrapped)
        {
            return wrapped;
        }

        if (program == "git")
        {
            return GitArguments.Of(part);
        }

        if (s_own.TryGetValue(program, out var judge))
        {
            return Opinion.Of(program, judge(part));
        }

        if (s_packageManagers.Contains(program))
        {
            return Opinion.Of(program, SystemPrograms.WhyNotPackages(part));
        }

        if (s_anyText.Contains(program))
        {
            return Opinion.Of(program, WhyNotText(part, 1));
        }

        var (entry, rest) = ProgramTable.Shared.FindFor(part.Words);

        return entry is null
            ? Opinion.Asked("programs", "no rule allows it, and it is not known to only read")
            : Opinion.Of(entry.Name, WhyNot(part, entry, rest));
    }

    public static string? WhyNotText(PartContext part, int from) =>
        part.Words.Skip(from).Select(part.WhyNotShown).FirstOrDefault(reason => reason is not null);

    /// <summary>Judges the arguments by an entry of the table.</summary>
    public static string? WhyNot(PartContext part, ProgramEntry entry, int from)
    {
        if (entry.Kind is ProgramKind.Rule or ProgramKind.RuleLong or ProgramKind.Own or ProgramKind.Group)
        {
            return "no rule allows it, and it does more than read";
        }

        if (entry.Name == "echo")
        {
            return WhyNotText(part, from);
        }

        var reader = new OptionReader(part, entry);

        return reader.Read(from) ?? WhyNot(part, entry, reader);
    }

    private static string? WhyNot(PartContext part, ProgramEntry entry, OptionReader reader)
    {
        var plain = reader.Plain;
        var isRead = entry.Kind != ProgramKind.Names;

        switch (entry.Kind)
        {
            case ProgramKind.None when plain.Count > 0:
                return "it takes no arguments when it only reads";
            case ProgramKind.None:
                return null;
            case ProgramKind.Text:
                return plain.Select(part.WhyNotShown).FirstOrDefault(reason => reason is not null);
            case ProgramKind.Single when plain.Count > 1:
                return "its second argument is a file that it writes";
            case ProgramKind.Pattern when entry.Name == "yq":
                return plain.Select(word => Languages.WhyNot(entry.Name, word)).FirstOrDefault(why => why is not null)
                    ?? WhyNotPaths(part, plain.Skip(1), isRead);
            case ProgramKind.Pattern when !reader.Has("-e", "--regexp", "-f", "--file", "--files") && plain.Count > 0:
                return part.WhyNotShown(plain[0]) ?? Languages.WhyNot(entry.Name, plain[0])
                    ?? WhyNotPaths(part, plain.Skip(1), isRead);
            default:
                return WhyNotPaths(part, plain, isRead);
        }
    }

    public static string? WhyNotPaths(PartContext part, IEnumerable<ShellWord> paths, bool isRead) =>
        paths.Select(word => part.WhyNotPath(word, isRead)).FirstOrDefault(reason => reason is not null);
}

/// <summary>Filters that are a language, as those of jq.</summary>
internal static class Languages
{
    public static string? WhyNot(string program, ShellWord filter)
    {
        if (program is not ("jq" or "yq"))
        {
            return null;
        }

        if (!filter.IsLiteral)
        {
            return "its filter is not known before it runs";
        }

        string[] reaching = ["env", "$ENV", "input_line_number", "import", "include", "load", "strload", "system",
            "$__prog_args", "get_search_list", "exec"];

        return Words(filter.Text).FirstOrDefault(word => reaching.Contains(word) || (program == "yq"
            && (word.StartsWith("load", StringComparison.Ordinal) || word.Contains("env", StringComparison.Ordinal))))
            is { } word
            ? $"its filter uses {word}"
            : null;
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;

        for (var at = 0; at <= text.Length; at++)
        {
            var isLetter = at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '$');

            if (isLetter && start < 0)
            {
                start = at;
            }
            else if (!isLetter && start >= 0)
            {
                // Behind a dot it is the name of a field.
                if (start == 0 || text[start - 1] != '.')
                {
                    yield return text[start..at];
                }

                start = -1;
            }
        }
    }
}

/// <summary>Asking a known program which version it is.</summary>
internal static class Versions
{
    private static readonly HashSet<string> s_others = new(StringComparer.Ordinal)
    {
        "java", "javac", "clang-format", "clang-tidy", "code", "nginx", "redis-server", "postgres", "uv", "poetry",
        "pipx", "conda", "volta", "nvm", "fnm", "asdf", "hg", "svn", "gcloud", "sqlite3", "zsh", "bash", "sh", "dash",
        "fish", "ksh", "tmux", "screen", "gpg", "openssl", "shellcheck", "hadolint", "helm", "kubectl", "bazelisk",
        "protoc", "buf", "dart", "flutter", "ghc", "stack", "cabal", "ocaml", "opam", "zig", "nim", "crystal",
        "rustfmt",
        "clippy-driver", "tsc", "next", "ng", "vue", "serverless", "sam", "cdk", "gradle", "mvn", "sbt", "composer",
        "bundle", "bundler", "gem", "rails", "mix", "lua", "xcodebuild", "sw_vers", "reeve", "basedpyright", "pyright",
    };

    private static readonly HashSet<string> s_shortV = new(StringComparer.Ordinal)
    {
        "node", "nodejs", "npm", "pnpm", "yarn", "npx", "ruby", "php", "perl", "lua", "gcc", "nginx", "mvn", "gradle",
        "tsc", "cmake", "bun", "deno", "tsx", "composer", "eslint",
    };

    private static readonly HashSet<string> s_word = new(StringComparer.Ordinal)
    {
        "go", "docker", "podman", "terraform", "tofu", "helm", "git", "hg", "openssl", "deno", "kubectl", "pulumi",
        "npm", "composer", "poetry",
    };

    public static bool IsQuery(ImmutableArray<ShellWord> words)
    {
        if (words is not [var first, { IsLiteral: true, Text: { } asked }])
        {
            return false;
        }

        var program = ShellWrappers.NameOf(first.Text);
        var isKnown = s_others.Contains(program) || ProgramTable.Shared.Find(program) is not null;
        var isWithNumber = program.StartsWith("python3.", StringComparison.Ordinal)
            || program.StartsWith("pip3.", StringComparison.Ordinal);

        return asked switch
        {
            "--version" or "--help" => isKnown || isWithNumber,
            "-V" => program is "python" or "python3" or "ssh" or "bash" or "tar" or "rg" or "pip" or "pip3" or "rustc"
                or "cargo" or "tmux" or "less" or "make" or "grep" || isWithNumber,
            "-v" => s_shortV.Contains(program),
            "-version" => program is "java" or "javac" or "ffmpeg" or "ant",
            "version" => s_word.Contains(program),
            "--info" or "--list-sdks" or "--list-runtimes" => program == "dotnet",
            "-vV" or "-Vv" => program is "rustc" or "cargo",
            _ => false,
        };
    }
}
