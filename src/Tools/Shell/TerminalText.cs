using System.Text;

namespace Reeve.Tools.Shell;

/// <summary>Turns terminal output into plain text: no escape sequence, no control character but LF and tab.</summary>
/// <remarks>
/// Follows ECMA-48: CSI sequences (5.4), and command strings as OSC up to BEL or ST (8.3.89). One pass; a sequence
/// that never ends takes at most its own line with it.
/// </remarks>
internal static class TerminalText
{
    private const char Escape = '\u001B';

    public static void Append(StringBuilder page, ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);

        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at];

            if (next == Escape)
            {
                at = EndOfSequence(text, at);
            }
            else if (next == '\r')
            {
                page.Append(at + 1 < text.Length && text[at + 1] == '\n' ? string.Empty : "\n");
            }
            else if (next is '\n' or '\t' || !char.IsControl(next))
            {
                page.Append(next);
            }
        }
    }

    private static int EndOfSequence(string text, int at)
    {
        var kind = at + 1 < text.Length ? text[at + 1] : '\0';

        return kind switch
        {
            '[' => EndOf(text, at + 2, isEnd: letter => letter is >= '@' and <= '~'),
            ']' or 'P' or '_' or '^' or 'X' => EndOf(text, at + 2, isEnd: letter => letter is '\a' or '\\'),
            '\n' or '\0' => at,
            _ => at + 1,
        };
    }

    private static int EndOf(string text, int from, Predicate<char> isEnd)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (isEnd(text[at]))
            {
                return at;
            }

            if (text[at] == '\n')
            {
                return at - 1;
            }
        }

        return text.Length;
    }
}
