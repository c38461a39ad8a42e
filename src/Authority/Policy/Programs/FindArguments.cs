namespace Reeve.Authority.Policy.Programs;

/// <summary>The expressions of find (POSIX.1-2017, GNU findutils) and of fd.</summary>
internal static class FindArguments
{
    private static readonly HashSet<string> s_flags = new(StringComparer.Ordinal)
    {
        "(", ")", "!", ",", "-a", "-and", "-o", "-or", "-not", "-print", "-print0", "-prune", "-quit", "-ls",
        "-daystart",
        "-depth", "-d", "-mount", "-xdev", "-noleaf", "-nogroup", "-nouser", "-empty", "-executable", "-readable",
        "-writable", "-true", "-false", "-follow", "-warn", "-nowarn", "-ignore_readdir_race", "-noignore_readdir_race",
    };

    private static readonly HashSet<string> s_valued = new(StringComparer.Ordinal)
    {
        "-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-regex", "-iregex", "-regextype", "-type",
        "-xtype", "-size", "-mtime", "-atime", "-ctime", "-mmin", "-amin", "-cmin", "-newer", "-anewer", "-cnewer",
        "-newermt", "-newerct", "-newerat", "-newermm", "-perm", "-user", "-group", "-uid", "-gid", "-links", "-inum",
        "-samefile", "-maxdepth", "-mindepth", "-lname", "-ilname", "-fstype", "-used", "-context", "-printf",
    };

    public static string? WhyNot(PartContext part)
    {
        var words = part.Words;
        var at = 1;
        var staysInside = true;

        for (; at < words.Length && words[at].Text is "-H" or "-L" or "-P" or "-O1" or "-O2" or "-O3"; at++)
        {
            staysInside &= words[at].Text != "-L";
        }

        for (; at < words.Length && !IsExpression(words[at]); at++)
        {
            if (words[at].HasUnknownStart || part.WhyNotPath(words[at], isRead: false) is not null)
            {
                return part.WhyNotPath(words[at], isRead: false) ?? "an expansion in it may turn out to be an option";
            }

            staysInside &= part.WhyNotPath(words[at], isRead: true) is null;
        }

        return WhyNotExpression(part, at, staysInside);
    }

    private static string? WhyNotExpression(PartContext part, int at, bool staysInside)
    {
        var words = part.Words;

        for (; at < words.Length; at++)
        {
            var text = words[at].Text;

            if (!words[at].IsLiteral)
            {
                return "an expansion in it may turn out to be an option";
            }

            if (s_valued.Contains(text))
            {
                at++;

                if (at < words.Length && (part.WhyNotShown(words[at]) ?? WhyNotPattern(words[at])) is { } reason)
                {
                    return reason;
                }
            }
            else if (text is "-exec" or "-execdir")
            {
                if (!staysInside)
                {
                    return "it gives files outside the workspace to another program";
                }

                at = EndOfCommand(part, at + 1);
            }
            else if (!s_flags.Contains(text))
            {
                return text is "-delete" ? "-delete removes files"
                    : text is "-ok" or "-okdir" or "-fprint" or "-fprint0" or "-fprintf" or "-fls"
                        ? $"{text} writes a file or starts a program"
                        : "an option of it is not known to be harmless";
            }
        }

        return null;
    }

    // A bare star may stand for several names, of which one may be an option.
    private static string? WhyNotPattern(ShellWord word) =>
        word.Has(ShellPieceKind.Glob) && word.HasUnknownStart
        && !word.Text.Contains('.', StringComparison.Ordinal)
            ? "an expansion in it may turn out to be an option"
            : Places.NamesSecret(word.Text) ? "it names a place where secrets are kept" : null;

    private static int EndOfCommand(PartContext part, int at)
    {
        while (at < part.Words.Length && part.Words[at].Text is not ";"
            && !(part.Words[at].Text is "+" && part.Words[at - 1].Text is "{}"))
        {
            at++;
        }

        return at;
    }

    private static bool IsExpression(ShellWord word) =>
        word.Text is ['-', ..] or "(" or ")" or "!" or ",";
}
