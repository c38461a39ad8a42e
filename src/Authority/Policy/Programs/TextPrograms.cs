using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>sed, awk and the archives: programs whose first argument says what they do.</summary>
internal static class TextPrograms
{
    public static string? WhyNotSed(PartContext part)
    {
        var scripts = new List<ShellWord>();
        var plain = new List<ShellWord>();

        for (var index = 1; index < part.Words.Length; index++)
        {
            var word = part.Words[index];

            if (word.HasUnknownStart)
            {
                return "an expansion in it may turn out to be an option";
            }

            switch (word.Text)
            {
                case "-e" or "--expression" or "-ne" or "-En" when word.Text.EndsWith('e')
                    || word.Text.EndsWith("on", StringComparison.Ordinal):
                    index++;
                    scripts.AddRange(part.Words.Skip(index).Take(1));
                    break;
                case ['-', '-', 'e', 'x', 'p', 'r', 'e', 's', 's', 'i', 'o', 'n', '=', ..]:
                    scripts.Add(word with { Text = word.Text[13..] });
                    break;
                case "--quiet" or "--silent" or "--regexp-extended" or "--posix" or "--separate" or "--unbuffered"
                    or "--null-data" or "--sandbox" or "--debug":
                    break;
                case ['-', not '-', ..] when !word.Text.AsSpan(1).ContainsAnyExcept("nErsuz"):
                    break;
                case ['-', _, ..]:
                    return word.Text.StartsWith("-i", StringComparison.Ordinal)
                        || word.Text.StartsWith("--in-place", StringComparison.Ordinal)
                            ? "it changes files in place"
                            : "an option of it is not known to be harmless";
                default:
                    plain.Add(word);
                    break;
            }
        }

        var files = scripts.Count == 0 ? plain.Skip(1) : plain;
        scripts.AddRange(scripts.Count == 0 ? plain.Take(1) : []);

        return scripts.Select(script => WhyNotScript(part, script)).FirstOrDefault(reason => reason is not null)
            ?? ReadOnlyCommands.WhyNotPaths(part, files, isRead: true);
    }

    private static string? WhyNotScript(PartContext part, ShellWord script)
    {
        if (script.IsLiteral)
        {
            return SedScript.WhyNot(script.Text);
        }

        // Unquoted signs of patterns are left as they are where no file has such a name.
        var isPattern = script.Pieces.All(piece => piece.Kind is ShellPieceKind.Text or ShellPieceKind.Number);

        return isPattern && part.WhyNotShown(script) is null
            ? SedScript.WhyNot(script.Text)
            : "its script is not known before it runs";
    }

    public static string? WhyNotAwk(PartContext part)
    {
        var index = 1;

        for (; index < part.Words.Length && part.Words[index].Text is ['-', _, ..]; index++)
        {
            var word = part.Words[index];

            if (word.Text is "-F" or "-v")
            {
                index++;

                if (index < part.Words.Length && part.WhyNotShown(part.Words[index]) is { } reason)
                {
                    return reason;
                }
            }
            else if (word.Text is "--")
            {
                index++;
                break;
            }
            else if (word.Text is not (['-', 'F' or 'v', ..] or "--posix" or "--traditional" or "--re-interval"
                or "--sandbox" or "-S" or "--csv"))
            {
                return "an option of it is not known to be harmless";
            }
        }

        if (index >= part.Words.Length)
        {
            return "it has no program";
        }

        if (!part.Words[index].IsLiteral)
        {
            return "its program is not known before it runs";
        }

        return AwkProgram.WhyNot(part.Words[index].Text) ?? WhyNotInputs(part, index + 1);
    }

    /// <summary>A program of awk that starts others, or one that is not known.</summary>
    public static bool HidesCode(ImmutableArray<ShellWord> words)
    {
        var index = 1;

        while (index < words.Length && words[index].Text is ['-', _, ..])
        {
            if (words[index].Text is not ['-', 'F' or 'v', ..])
            {
                return true;
            }

            index += words[index].Text.Length == 2 ? 2 : 1;
        }

        return index >= words.Length || !words[index].IsLiteral || AwkProgram.WhyNot(words[index].Text) is not null;
    }

    private static string? WhyNotInputs(PartContext part, int from) =>
        part.Words.Skip(from).Any(word => word.HasUnknownStart && !word.Has(ShellPieceKind.Glob)
            && part.WhyNotPath(word, isRead: true) is not null)
            ? "the file that it reads is not known before it runs"
            : ReadOnlyCommands.WhyNotPaths(part, part.Words.Skip(from), isRead: true);

    /// <summary>Only the listing of an archive: <c>tar tf</c>, <c>tar -tvzf</c>.</summary>
    public static string? WhyNotTar(PartContext part)
    {
        var words = part.Words;
        var isList = false;
        var files = new List<ShellWord>();

        for (var index = 1; index < words.Length; index++)
        {
            var word = words[index];
            var isFlags = (index == 1 && word.Text is not ['-', ..]) || word.Text is ['-', not '-', ..];

            if (word.HasUnknownStart)
            {
                return "an expansion in it may turn out to be an option";
            }

            if (isFlags && !word.Text.AsSpan().TrimStart('-').ContainsAnyExcept("tvfzjJapkmhw"))
            {
                isList |= word.Text.Contains('t', StringComparison.Ordinal);
            }
            else if (word.Text is "--list")
            {
                isList = true;
            }
            else if (word.Text.StartsWith("--file=", StringComparison.Ordinal))
            {
                files.Add(word with { Text = word.Text[7..] });
            }
            else if (isFlags || (word.Text.StartsWith('-') && word.Text is not ("--verbose" or "--gzip" or "--bzip2"
                or "--xz" or "--zstd" or "--file" or "--wildcards" or "--numeric-owner" or "--full-time" or "-")))
            {
                return "an option of it is not known to be harmless";
            }
            else if (!word.Text.StartsWith('-'))
            {
                files.Add(word);
            }
        }

        // A name with a colon is an archive on another machine.
        return !isList ? "no rule allows it, and it does more than list"
            : files.Exists(file => file.Text.Contains(':', StringComparison.Ordinal))
                ? "the archive may lie on another machine"
                : ReadOnlyCommands.WhyNotPaths(part, files, isRead: true);
    }

    public static string? WhyNotUnzip(PartContext part) =>
        part.Words.Length >= 3 && part.Words[1] is { IsLiteral: true, Text: "-l" or "-v" or "-lv" or "-Z" or "-t"
            or "-Z1" }
            && part.Words.Skip(2).All(word => !word.Text.StartsWith('-') && !word.HasUnknownStart)
            ? ReadOnlyCommands.WhyNotPaths(part, part.Words.Skip(2), isRead: true)
            : "no rule allows it, and it does more than list";
}
