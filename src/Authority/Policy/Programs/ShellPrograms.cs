namespace Reeve.Authority.Policy.Programs;

/// <summary>Commands of the shell itself.</summary>
internal static class ShellPrograms
{
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "CI", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_NUMERIC",
        "TZ", "NODE_ENV", "RUST_BACKTRACE", "COLUMNS", "LINES", "CLICOLOR", "CLICOLOR_FORCE", "DEBIAN_FRONTEND",
        "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "GIT_TERMINAL_PROMPT", "DOTNET_CLI_TELEMETRY_OPTOUT",
        "DOTNET_NOLOGO", "FORCE_TTY",
    };

    // Small letters that shells and libraries take meaning from all the same.
    private static readonly HashSet<string> s_special = new(StringComparer.Ordinal)
    {
        "path", "fpath", "cdpath", "manpath", "module_path", "mailpath", "psvar", "watch", "precmd_functions",
        "http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "rsync_proxy", "prompt", "home", "shell",
        "term", "user", "ifs", "options", "functions", "aliases", "commands", "builtins", "galiases", "saliases",
        "signals", "status", "argv", "histchars", "nullcmd", "fignore", "zsh_eval_context", "autocorrect",
    };

    private static readonly HashSet<string> s_numeric = new(StringComparer.Ordinal)
    {
        "-eq", "-ne", "-lt", "-gt", "-le", "-ge",
    };

    public static bool IsHarmlessVariable(string name) => s_harmless.Contains(name);

    /// <summary>A variable of the line's own, which no program gets to see.</summary>
    public static bool IsOwnVariable(string name) =>
        name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        && !s_special.Contains(name);

    public static string? WhyNotAssignments(PartContext part) =>
        part.Command.Assignments.All(name => IsOwnVariable(name) || IsHarmlessVariable(name))
            ? null
            : "a variable that is set may change what later programs do";

    public static string? WhyNotPrintf(PartContext part)
    {
        var isNamed = part.Words.Length > 1 && part.Words[1].Text.StartsWith("-v", StringComparison.Ordinal);

        return isNamed ? WhyNotVariables(part, 2, 3) ?? WhyNotEvaluated(part) : ReadOnlyCommands.WhyNotText(part, 1);
    }

    public static string? WhyNotTest(PartContext part)
    {
        var words = part.Words;

        for (var index = 1; index < words.Length; index++)
        {
            var text = words[index].Text;

            if (text is "-v" or "-R" && (!words[index].IsQuoted || part.Program != "[[")
                && !(index + 1 < words.Length && words[index + 1].IsLiteral
                    && (ShellBuiltins.IsName(words[index + 1].Text) || words[index + 1].Text == "]")))
            {
                return "it looks up a name that may hold an expression";
            }

            if (s_numeric.Contains(text) && part.Program == "[["
                && !(IsNumber(part, words[index - 1]) && index + 1 < words.Length && IsNumber(part, words[index + 1])))
            {
                return "it compares a value that may be an expression as a number";
            }
        }

        return words.Any(word => word.IsLiteral && Places.NamesSecret(word.Text)
            && !word.Text.Contains(' ', StringComparison.Ordinal))
            ? "it names a place where secrets are kept"
            : null;
    }

    // An index in brackets is an expression, in which substitutions are carried out even from quoted text.
    private static string? WhyNotEvaluated(PartContext part) =>
        part.Words.Skip(1).Any(word => word.Text.Contains('[', StringComparison.Ordinal)
            && word.Text.AsSpan().ContainsAny("$`("))
            ? "it has an index that is computed"
            : null;

    private static bool IsNumber(PartContext part, ShellWord word)
    {
        if (ShellVariables.IsNumber(word))
        {
            return true;
        }

        return !word.Pieces.IsDefaultOrEmpty && word.Pieces.All(piece => piece.Kind == ShellPieceKind.Number
            || (piece.Kind == ShellPieceKind.Variable && (piece.Text is "#" or "?" or "$" or "UID" or "EUID"
                || (part.Line.Variables.ValuesOf(piece.Text) is { Count: > 0 } values
                    && values.All(ShellVariables.IsNumber)))));
    }

    public static string? WhyNotFolder(PartContext part)
    {
        var plain = part.Words.Skip(1).Where(word => word.Text is not ("-P" or "-L" or "--")).ToList();

        if (plain.Count != 1 || plain[0].Text.StartsWith('-'))
        {
            return "it leaves the workspace";
        }

        return part.WhyNotPath(plain[0], isRead: true) is null && !plain[0].Text.StartsWith('/')
            ? null
            : "it leaves the workspace";
    }

    public static string? WhyNotSet(PartContext part)
    {
        var isKnown = part.Words.Length > 1 && part.Words.Skip(1).All(word => word.IsLiteral
            && (word.Text is "pipefail" or "errexit" or "nounset" or "xtrace"
                || (word.Text is ['-' or '+', ..] && word.Text.Length > 1
                    && !word.Text.AsSpan(1).ContainsAnyExcept("euxofvnC"))));

        return isKnown ? null : "it shows or changes the variables of the shell";
    }

    public static string? WhyNotExport(PartContext part) =>
        part.Words.Length > 1 && part.Words.Skip(1).All(word => word.IsLiteral
            && IsHarmlessVariable(word.Text.Split('=')[0]))
            ? null
            : "it shows the environment or changes what later programs do";

    public static string? WhyNotUnset(PartContext part) => part.Words.Length > 1
        && part.Words.Skip(1).All(word => word.IsLiteral && ShellBuiltins.IsName(word.Text.Split('=')[0])
            && IsOwnVariable(word.Text.Split('=')[0]))
        ? null
        : "it changes variables that later programs may use";

    public static string? WhyNotRead(PartContext part)
    {
        for (var index = 1; index < part.Words.Length; index++)
        {
            var word = part.Words[index];

            if (!word.IsLiteral)
            {
                return "it sets a variable whose name is not known";
            }

            if (word.Text is "-p" or "-t" or "-n" or "-N" or "-d" or "-u")
            {
                index++;
            }
            else if (word.Text is not ("-r" or "-s" or "-a" or "-ra" or "-rs" or "-rd" or "-d" or "-e")
                && !(ShellBuiltins.IsName(word.Text) && IsOwnVariable(word.Text)))
            {
                return word.Text.Length == 0 ? null : "it sets a variable that later programs may use";
            }
        }

        return null;
    }

    private static string? WhyNotVariables(PartContext part, int from, int to) =>
        part.Words.Skip(from).Take(to - from).All(word => word.IsLiteral && ShellBuiltins.IsName(word.Text)
            && IsOwnVariable(word.Text))
            ? null
            : "it sets a variable that later programs may use";

    public static string? WhyNotNumber(PartContext part) =>
        part.Words.Skip(1).All(word => ShellVariables.IsNumber(word)
            || word.Pieces is [{ Kind: ShellPieceKind.Variable, Text: "?" }])
            ? null
            : "its argument is no number";
}
