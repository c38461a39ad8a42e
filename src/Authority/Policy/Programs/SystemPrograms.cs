namespace Reeve.Authority.Policy.Programs;

/// <summary>Programs that show the state of the machine with some arguments and change it with others.</summary>
internal static class SystemPrograms
{
    private static readonly Dictionary<string, string[]> s_questions = new(StringComparer.Ordinal)
    {
        ["apt"] = ["list", "show", "search", "policy", "depends", "rdepends"],
        ["apt-cache"] = ["show", "search", "policy", "depends", "rdepends", "madison", "pkgnames", "showpkg", "stats"],
        ["apt-get"] = [],
        ["dpkg"] = ["-l", "-L", "-s", "-S", "--list", "--listfiles", "--status", "--search", "--print-architecture",
            "--get-selections", "-p"],
        ["rpm"] = ["-qa", "-qi", "-ql", "-qf", "-q", "-qd", "-qc", "-qR", "-V"],
        ["dnf"] = ["list", "info", "search"],
        ["yum"] = ["list", "info", "search"],
        ["pacman"] = ["-Q", "-Qi", "-Ql", "-Qs", "-Qo", "-Qe"],
        ["brew"] = ["list", "ls", "leaves", "config", "--prefix", "--cellar"],
        ["snap"] = ["list"],
        ["apk"] = ["list", "info"],
        ["flatpak"] = ["list"],
        ["go"] = ["version", "env", "doc"],
        ["dotnet"] = ["--info", "--version", "--list-sdks", "--list-runtimes"],
        ["cargo"] = ["--list", "version"],
        ["gh"] = [],
    };

    private static readonly string[] s_plainFlags =
    [
        "--installed", "--upgradable", "--all-versions", "-a", "--versions", "--formula", "--cask", "-m", "-v", "-1",
        "--names-only", "-json", "-all", "-short", "-src",
    ];

    public static string? WhyNotDate(PartContext part)
    {
        var words = part.Words;

        for (var index = 1; index < words.Length; index++)
        {
            var text = words[index].Text;

            if (text is "-d" or "--date" or "-r" or "--reference" or "-D")
            {
                index++;
            }
            else if (text is "-j")
            {
                return "an option of it is not known to be harmless";
            }
            else if (!(text is ['+', ..] or "-u" or "-R" or "-I" or "-Iseconds" or "-Idate" or "-Iminutes" or "-Ihours"
                or "-Ins" or "--utc" or "--universal" or "--rfc-email" or "--debug" or "--iso-8601" or "-ud" or "-uIs")
                && !text.StartsWith("--date=", StringComparison.Ordinal)
                && !text.StartsWith("--iso-8601=", StringComparison.Ordinal)
                && !text.StartsWith("--rfc-3339=", StringComparison.Ordinal)
                && !text.StartsWith("--reference=", StringComparison.Ordinal)
                && !text.StartsWith("-d", StringComparison.Ordinal))
            {
                return "it may set the clock or read a file";
            }
        }

        return ReadOnlyCommands.WhyNotText(part, 1);
    }

    // ps e and its relatives show what processes have in their environment.
    public static string? WhyNotPs(PartContext part)
    {
        var isValue = false;

        foreach (var word in part.Words.Skip(1))
        {
            if (!word.IsLiteral && word.HasUnknownStart && !isValue && part.WhyNotShown(word) is not null)
            {
                return "an expansion in it may turn out to be an option";
            }

            if (word.Text.Contains("environ", StringComparison.Ordinal))
            {
                return "it shows the environment of processes";
            }

            if (!isValue && word.Text is not ['-', ..] && word.Text.Contains('e', StringComparison.Ordinal)
                && !word.Text.AsSpan().ContainsAnyExceptInRange('A', 'z'))
            {
                return "it shows the environment of processes";
            }

            isValue = word.Text.Length > 0 && word.Text[^1] is 'o' or 'O' or 'p' or 'U' or 'C' or 't' or 'g' or 's'
                or 'G' or 'k' && !word.Text.StartsWith("--", StringComparison.Ordinal);
        }

        return null;
    }

    public static string? WhyNotIp(PartContext part)
    {
        var plain = part.Words.Skip(1)
            .SkipWhile(word => word.Text is "-4" or "-6" or "-br" or "-brief" or "-c" or "-color" or "-o" or "-oneline"
                or "-j" or "-json" or "-p" or "-pretty" or "-s" or "-stats" or "-d" or "-details" or "-h" or "-human"
                or "-c=auto" or "-c=always" or "-c=never")
            .ToList();
        var isShown = plain is [{ Text: "a" or "addr" or "address" or "l" or "link" or "r" or "route" or "ro" or "n"
                or "neigh" or "neighbour" or "rule" or "maddr" or "maddress" or "tunnel" }, ..]
            && (plain.Count == 1 || plain[1].Text is "show" or "list" or "ls" or "sh" or "s" or "get");

        return isShown && plain.TrueForAll(word => word.IsLiteral && !word.Text.StartsWith('-'))
            ? null
            : "no rule allows it, and it does more than show";
    }

    public static string? WhyNotService(PartContext part)
    {
        var isQuestion = false;

        foreach (var word in part.Words.Skip(1))
        {
            if (!word.IsLiteral)
            {
                return "it is not known before it runs";
            }

            if (word.Text is "status" or "is-active" or "is-enabled" or "is-failed" or "list-units" or "list-unit-files"
                or "list-timers" or "list-sockets" or "list-dependencies" or "is-system-running" && !isQuestion)
            {
                isQuestion = true;
            }
            else if (word.Text is ['-', ..]
                ? word.Text is not ("--no-pager" or "--user" or "--all" or "-a" or "-l" or "--full" or "--no-legend"
                    or "--failed" or "--plain" or "-q" or "--quiet" or "--system")
                    && !word.Text.StartsWith("--type=", StringComparison.Ordinal)
                    && !word.Text.StartsWith("--state=", StringComparison.Ordinal)
                : !isQuestion)
            {
                return "no rule allows it, and it does more than show";
            }
        }

        return isQuestion ? null : "no rule allows it, and it does more than show";
    }

    public static string? WhyNotPackages(PartContext part)
    {
        var words = part.Words;
        var isQuestion = words.Length > 1 && words.All(word => word.IsLiteral)
            && s_questions.TryGetValue(part.Program, out var questions)
            && questions.Contains(words[1].Text, StringComparer.Ordinal)
            && words.Skip(2).All(word => !word.Text.StartsWith('-') || s_plainFlags.Contains(word.Text));

        return isQuestion ? null : "no rule allows it, and it does more than show";
    }
}
