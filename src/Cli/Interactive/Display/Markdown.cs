using Reeve.Cli.Screen;

namespace Reeve.Cli.Interactive.Display;

/// <summary>Gives markdown its look line by line, as it arrives; a line that was shown is never shown again.</summary>
/// <remarks>Only looks are given: the text stays text, and whoever writes the pieces makes it inert.</remarks>
internal sealed class Markdown
{
    private bool _isCode;

    public Piece[] Line(string line)
    {
        var text = line.TrimStart();
        var indent = line[..(line.Length - text.Length)];

        if (text.StartsWith("```", StringComparison.Ordinal) || text.StartsWith("~~~", StringComparison.Ordinal))
        {
            _isCode = !_isCode;
            return [new Piece(_isCode ? $"  ┌ {text[3..]}" : "  └", Style.Dim)];
        }

        return _isCode ? [new Piece("  │ ", Style.Dim), new Piece(line, Style.Accent)]
            : text switch
            {
                ['#', ..] when text.TrimStart('#') is [' ', ..] title => [new Piece(title[1..], Style.Bold)],
                ['-' or '*' or '+', ' ', .. var item] => [$"{indent}• ", .. Inline(item)],
                ['>', .. var quoted] => [new Piece("│ ", Style.Dim), .. Inline(quoted.TrimStart())],
                ['|', ..] => Table(line),
                _ when text.Length >= 3 && text.Trim('-', '*', '_', ' ').Length == 0 =>
                    [new Piece("────────", Style.Dim)],
                _ => [indent, .. Inline(text)],
            };
    }

    private static Piece[] Table(string line) =>
        line.Trim('|', '-', ':', ' ').Length == 0
            ? [new Piece(line.Replace('|', '┼').Replace('-', '─').Replace(':', '─'), Style.Dim)]
            : [.. line.Split('|').SelectMany((cell, index) => index == 0
                ? Inline(cell) : [new Piece("│", Style.Dim), .. Inline(cell)])];

    /// <summary>Bold, italic, code and links within a line; what does not close is text.</summary>
    private static List<Piece> Inline(string text)
    {
        var pieces = new List<Piece>();
        var plain = 0;

        for (var at = 0; at < text.Length;)
        {
            var (mark, style) = text.AsSpan(at) switch
            {
                ['`', ..] => ("`", Style.Accent),
                ['*', '*', ..] => ("**", Style.Bold),
                ['_', '_', ..] => ("__", Style.Bold),
                ['*', ..] => ("*", Style.Italic),
                _ => ("", Style.Plain),
            };
            var from = at + mark.Length;
            var end = mark.Length > 0 && from < text.Length && text[from] != ' '
                ? text.IndexOf(mark, from, StringComparison.Ordinal) : -1;

            if (end <= from)
            {
                at += Math.Max(1, mark.Length);
                continue;
            }

            pieces.Add(text[plain..at]);
            pieces.Add(new Piece(text[from..end], style));
            at = plain = end + mark.Length;
        }

        pieces.Add(text[plain..]);
        return pieces;
    }
}
