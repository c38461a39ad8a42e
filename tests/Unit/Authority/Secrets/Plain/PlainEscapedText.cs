using System.Buffers;
using Reeve.Authority.Secrets;

namespace Reeve.Tests.Unit.Authority.Secrets.Plain;

/// <summary>The same as EscapedText, one sign after the other.</summary>
internal static class PlainEscapedText
{
    private const int BackMax = 2 * 1024;
    private const int AheadMax = 6 * 1024;
    private const int JoinedLinesMax = 8;

    private static readonly SearchValues<byte> s_signs = SearchValues.Create("\\%+"u8);

    public static void Find(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        PlainMappedText? mapped = null;
        var nested = new List<SecretFinding>();
        var done = 0;

        var places = new Places(text);

        for (var at = places.Next(0); at < text.Length; at = places.Next(Math.Max(done, at + 1)))
        {
            var start = StartOf(text, at, done);
            var end = EndOf(text, at);
            mapped ??= new PlainMappedText();
            mapped.Read(text[start..end], start);
            done = end;

            if (!mapped.IsChanged)
            {
                continue;
            }

            nested.Clear();
            PlainScanner.FindDirect(mapped.Bytes, nested);
            PlainDiscordTokens.Find(mapped.Bytes, nested);
            found.AddRange(nested.Select(mapped.Origin));
        }
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

        return text.Length;
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
            var goesOn = !written.IsEmpty && "\"'+\\."u8.Contains(written[^1]);

            if (!goesOn)
            {
                break;
            }
        }

        return end;
    }

    /// <summary>The next place where a line may have to be resolved.</summary>
    /// <remarks>
    /// Remembers how far it has looked for each sign: looking again from each place would cost the square of a text
    /// that has many of one sign and none of another.
    /// </remarks>
    private ref struct Places(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _sign = -1;
        private int _doubleLine = -1;
        private int _singleLine = -1;
        private int _doubleDot = -1;
        private int _singleDot = -1;

        /// <summary>The nearest place at or after <paramref name="from"/>; the length of the text at the end.</summary>
        public int Next(int from)
        {
            _sign = _sign >= from ? _sign : NextSign(_text, from);
            Advance(ref _doubleLine, "\"\n"u8, from);
            Advance(ref _singleLine, "'\n"u8, from);
            Advance(ref _doubleDot, "\" ."u8, from);
            Advance(ref _singleDot, "' ."u8, from);

            return Math.Min(
                _sign, Math.Min(Math.Min(_doubleLine, _singleLine), Math.Min(_doubleDot, _singleDot)));
        }

        private readonly void Advance(ref int place, ReadOnlySpan<byte> sign, int from)
        {
            if (place < from)
            {
                var found = _text[Math.Min(from, _text.Length)..].IndexOf(sign);
                place = found < 0 ? _text.Length : from + found;
            }
        }
    }
}
