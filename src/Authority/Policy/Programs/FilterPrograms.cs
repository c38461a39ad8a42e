namespace Reeve.Authority.Policy.Programs;

/// <summary>Programs that only pass something on with some arguments, and write files with others.</summary>
internal static class FilterPrograms
{
    private static readonly string[] s_reading =
    [
        "--stdout", "--to-stdout", "--list", "--test", "--decompress", "--uncompress", "--keep", "--verbose", "--quiet",
    ];

    /// <summary>gzip and its relatives replace their files, unless they list, test or write to the output.</summary>
    public static string? WhyNotCompression(PartContext part)
    {
        var files = new List<ShellWord>();
        var isShown = false;

        foreach (var word in part.Words.Skip(1))
        {
            if (word.HasUnknownStart)
            {
                return "an expansion in it may turn out to be an option";
            }

            if (!word.Text.StartsWith('-') || word.Text == "-")
            {
                files.Add(word);
                continue;
            }

            var isLong = word.Text.StartsWith("--", StringComparison.Ordinal);

            if (isLong ? !s_reading.Contains(word.Text) : word.Text.AsSpan(1).ContainsAnyExcept("cdltkqvf0123456789"))
            {
                return "an option of it is not known to be harmless";
            }

            isShown |= isLong
                ? word.Text is "--stdout" or "--to-stdout" or "--list" or "--test"
                : word.Text.AsSpan(1).ContainsAny("clt");
        }

        return isShown || files.Count == 0
            ? ReadOnlyCommands.WhyNotPaths(part, files, isRead: true)
            : "it puts another file in the place of the one it reads";
    }

    /// <summary>One variable after another, each of those that hold no secret.</summary>
    public static string? WhyNotVariables(PartContext part) =>
        part.Words.Length > 1 && part.Words.Skip(1).All(word => word.IsLiteral && PartContext.IsPublic(word.Text))
            ? null : "it shows the environment, which may hold secrets";

    /// <summary>What goes nowhere, or to the terminal, is written to no file.</summary>
    public static string? WhyNotTee(PartContext part) =>
        part.Words.Skip(1).All(word => word is { IsLiteral: true, Text: "-a" or "-i" or "/dev/null" or "/dev/stderr"
            or "/dev/stdout" or "/dev/tty" })
            ? null : "no rule allows it, and it writes files";
}
