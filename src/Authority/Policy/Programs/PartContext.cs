using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>One command of a line, with what the line says about it.</summary>
/// <param name="Depth">How many folders below the workspace's root it surely works.</param>
internal sealed record PartContext(ShellLine Line, SimpleCommand Command, int Depth)
{
    private static readonly HashSet<string> s_publicVariables = new(StringComparer.Ordinal)
    {
        "HOME", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TERM",
        "HOSTNAME", "UID", "EUID", "PPID", "RANDOM", "SECONDS", "LINENO", "BASH_VERSION", "SHLVL", "COLUMNS", "LINES",
        "TMPDIR", "HOSTTYPE", "OSTYPE", "MACHTYPE", "CI", "VIRTUAL_ENV", "JAVA_HOME", "GOPATH", "NODE_ENV", "DISPLAY",
        "EDITOR", "PAGER", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "BASHPID", "EPOCHSECONDS", "TZ",
        "?", "#", "$", "!", "-", "@", "*", "_",
    };

    public ImmutableArray<ShellWord> Words => Command.Words;

    public string Program => ShellWrappers.NameOf(Words[0].Text);

    /// <summary>Why showing a word might show a secret; null where it cannot.</summary>
    public string? WhyNotShown(ShellWord word)
    {
        foreach (var piece in word.Pieces.IsDefault ? [] : word.Pieces)
        {
            var isKnown = piece.Kind is not (ShellPieceKind.Variable or ShellPieceKind.Derived)
                || IsPublic(piece.Text) || Line.Variables.IsSet(piece.Text);

            if (!isKnown)
            {
                return "it uses a variable of the environment, which may hold a secret";
            }
        }

        var isPath = word.Has(ShellPieceKind.Glob) || word.Has(ShellPieceKind.Tilde);

        return isPath && Places.NamesSecret(word.Text) ? "it names a place where secrets are kept" : null;
    }

    /// <summary>Why a path must not be used unasked; null where it may.</summary>
    /// <param name="isRead">True where the content of the file would be shown.</param>
    public string? WhyNotPath(ShellWord word, bool isRead)
    {
        if (word.IsLiteral)
        {
            return word.Text == "-" ? null : WhyNotPlace(word.Text, isRead);
        }

        if (!isRead)
        {
            return WhyNotShown(word) ?? (Places.NamesSecret(word.Text) ? Secret : null);
        }

        return ValuesOf(word) is { Count: > 0 } values
            ? values.Select(value => WhyNotPlace(value, isRead)).FirstOrDefault(reason => reason is not null)
            : "the file that it reads is not known before it runs";
    }

    private const string Secret = "it names a place where secrets are kept";

    private string? WhyNotPlace(string path, bool isRead) => Places.Of(path, Depth) switch
    {
        Place.Secret => Secret,
        Place.Outside when isRead => "it reads a file outside the workspace",
        _ => null,
    };

    // Everything the word may become; nothing where one of its pieces is not known.
    private List<string> ValuesOf(ShellWord word)
    {
        List<string> values = [""];

        foreach (var piece in word.Pieces)
        {
            var next = piece.Kind switch
            {
                ShellPieceKind.Variable => ValuesOf(piece.Text),
                ShellPieceKind.Derived or ShellPieceKind.Output => [],
                ShellPieceKind.Channel => ["./channel"],
                ShellPieceKind.Number => ["0"],
                _ => [piece.Text],
            };

            values = [.. values.SelectMany(start => next.Select(end => start + end)).Take(ShellVariables.ValuesMax)];
        }

        return values;
    }

    private List<string> ValuesOf(string variable)
    {
        if (Line.Variables.IsSet(variable))
        {
            var values = Line.Variables.ValuesOf(variable);

            // A value made of other variables is not followed further.
            return values.All(value => !value.Has(ShellPieceKind.Variable) && !value.Has(ShellPieceKind.Output)
                    && !value.Has(ShellPieceKind.Derived) && !value.Text.StartsWith('-')
                    && !value.Text.Contains(' ', StringComparison.Ordinal))
                ? [.. values.Select(value => value.Text)]
                : [];
        }

        return variable switch
        {
            "HOME" => ["~"],
            "PWD" => ["."],
            "?" or "#" or "$" or "RANDOM" or "UID" or "EUID" => ["0"],
            _ => [],
        };
    }

    internal static bool IsPublic(string name) =>
        s_publicVariables.Contains(name) || (name.Length == 1 && char.IsAsciiDigit(name[0]));
}

/// <summary>What is thought of a command where no rule speaks about it.</summary>
/// <param name="Rule">The entry of the table that says so.</param>
internal sealed record Opinion(bool IsHarmless, string Reason, string Rule)
{
    public static Opinion Harmless(string entry) =>
        new(IsHarmless: true, "It only reads, and only what may be read.", $"table: {entry}");

    /// <summary>It does nothing itself but start a command that is a part of its own.</summary>
    public static Opinion OfWrapper(string entry, string? objection) => objection is null
        ? new Opinion(IsHarmless: true, "It only starts a command that is judged by itself.", $"table: {entry}")
        : Asked(entry, objection);

    public static Opinion Asked(string entry, string reason) =>
        new(IsHarmless: false, Sentence(reason), $"table: {entry}");

    public static Opinion Of(string entry, string? objection) =>
        objection is null ? Harmless(entry) : Asked(entry, objection);

    private static string Sentence(string reason) => char.ToUpperInvariant(reason[0]) + reason[1..] + ".";
}
