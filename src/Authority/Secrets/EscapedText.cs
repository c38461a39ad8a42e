using System.Buffers;

namespace Reeve.Authority.Secrets;

/// <summary>Looks at lines whose escapes or joined quotes may hide a secret, as they read when resolved.</summary>
internal static class EscapedText
{
    private const int BackMax = 2 * 1024;
    private const int AheadMax = 6 * 1024;
    private const int JoinedLinesMax = 8;

    private static readonly SearchValues<byte> s_signs = SearchValues.Create("\\%+"u8);

    public static void Find(SecretScanner scanner, ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        MappedText? mapped = null;
        var nested = new List<SecretFinding>();
        var done = 0;

        for (var at = Next(text, 0); at >= 0; at = Next(text, Math.Max(done, at + 1)))
        {
            var start = StartOf(text, at, done);
            var end = EndOf(text, at);
            mapped ??= new MappedText();
            mapped.Read(text[start..end], start);
            done = end;

            if (!mapped.IsChanged)
            {
                continue;
            }

            nested.Clear();
            scanner.FindDirect(mapped.Bytes, nested);
            found.AddRange(nested.Select(mapped.Origin));
        }
    }

    private static int Next(ReadOnlySpan<byte> text, int from)
    {
        if (from >= text.Length)
        {
            return -1;
        }

        var sign = NextSign(text, from);
        var search = sign < 0 ? text[from..] : text[from..sign];
        var joint = Nearest(search.IndexOf("\"\n"u8), search.IndexOf("'\n"u8));
        joint = Nearest(joint, Nearest(search.IndexOf("\" ."u8), search.IndexOf("' ."u8)));

        return joint >= 0 ? from + joint : sign;
    }

    private static int NextSign(ReadOnlySpan<byte> text, int from)
    {
        while (from < text.Length && text[from..].IndexOfAny(s_signs) is var found and >= 0)
        {
            var at = from + found;

            if (IsEscape(text, at))
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }

    private static bool IsEscape(ReadOnlySpan<byte> text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : (byte)0;

        return text[at] switch
        {
            (byte)'%' => at + 2 < text.Length && Boundary.IsHex(next) && Boundary.IsHex(text[at + 2]),
            (byte)'+' => at > 1 && (text[at - 1] is (byte)'"' or (byte)'\'' || text[at - 2] is (byte)'"' or (byte)'\''),
            _ => next is (byte)'u' or (byte)'x' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'"' or (byte)'\''
                or (byte)'/' or (byte)'\\' or (byte)'\n',
        };
    }

    private static int StartOf(ReadOnlySpan<byte> text, int at, int done)
    {
        var least = Math.Max(done, at - BackMax);

        return least + text[least..at].LastIndexOf((byte)'\n') + 1;
    }

    // Lines that are joined are read as one piece.
    private static int EndOf(ReadOnlySpan<byte> text, int at)
    {
        var most = Math.Min(text.Length, at + AheadMax);
        var end = at;

        for (var line = 0; line < JoinedLinesMax; line++)
        {
            var feed = text[end..most].IndexOf((byte)'\n');

            if (feed < 0)
            {
                return most;
            }

            var written = text[at..(end + feed)].TrimEnd(" \t\r"u8);
            end += feed + 1;
            var goesOn = !written.IsEmpty && written[^1] is (byte)'"' or (byte)'\'' or (byte)'+' or (byte)'\\' or (byte)'.';

            if (!goesOn)
            {
                break;
            }
        }

        return end;
    }

    private static int Nearest(int left, int right) => (left, right) switch
    {
        ( < 0, _) => right,
        (_, < 0) => left,
        _ => Math.Min(left, right),
    };
}
