using System.Runtime.CompilerServices;

namespace Reeve.Authority.Secrets;

/// <summary>Looks at lines whose escapes or joined quotes may hide a secret, as they read when resolved.</summary>
internal static class EscapedText
{
    private const int BackMax = 2 * 1024;
    private const int AheadMax = 6 * 1024;
    private const int JoinedLinesMax = 8;

    public static void Find(SecretScanner scanner, ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        MappedText? mapped = null;
        var nested = new List<SecretFinding>();
        var done = 0;
        var places = new Places(text);

        for (var at = places.Next(0); at < text.Length; at = places.Next(Math.Max(done, at + 1)))
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
            DiscordTokens.Find(mapped.Bytes, nested);
            found.AddRange(nested.Select(mapped.Origin));
        }
    }

    private static bool IsPlace(ReadOnlySpan<byte> text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : (byte)0;

        return text[at] switch
        {
            (byte)'%' => at + 2 < text.Length && Boundary.IsHex(next) && Boundary.IsHex(text[at + 2]),
            (byte)'+' => at > 1 && (IsQuote(text[at - 1]) || IsQuote(text[at - 2])),
            (byte)'"' or (byte)'\'' => next == '\n' || (next == ' ' && at + 2 < text.Length && text[at + 2] == '.'),
            _ => next is (byte)'u' or (byte)'x' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'"' or (byte)'\''
                or (byte)'/' or (byte)'\\' or (byte)'\n',
        };
    }

    private static bool IsQuote(byte letter) => letter is (byte)'"' or (byte)'\'';

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
    private ref struct Places(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _block = -TextBlock.Bytes;
        private ulong _left;

        /// <summary>The nearest place at or after <paramref name="from"/>; the length of the text at the end.</summary>
        public int Next(int from)
        {
            if (from >= _block + TextBlock.Bytes)
            {
                _left = 0;
            }

            while (true)
            {
                while (_left != 0)
                {
                    var at = _block + TextBlock.TakeFirst(ref _left);

                    if (at >= from && IsPlace(_text, at))
                    {
                        return at;
                    }
                }

                _block = Math.Max(_block + TextBlock.Bytes, from);

                if (_block >= _text.Length)
                {
                    return _text.Length;
                }

                _left = Candidates(TextBlock.At(_text, _block));
            }
        }

        // What stands on the other side of an edge of the block is taken to be there; IsPlace looks again.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Candidates(TextBlock block)
        {
            const ulong FirstTwo = 0b11, Last = 1UL << 63, LastTwo = FirstTwo << 62;

            var quotes = block.Where((byte)'"') | block.Where((byte)'\'');
            var joins = ((quotes << 1) | (quotes << 2) | FirstTwo) & block.Where((byte)'+');
            var escapes = block.Where((byte)'\\') | block.Where((byte)'%');

            if (quotes != 0)
            {
                var dots = ((block.Where((byte)' ') >> 1) | Last) & ((block.Where((byte)'.') >> 2) | LastTwo);
                quotes &= (block.Where((byte)'\n') >> 1) | Last | dots;
            }

            return escapes | joins | quotes;
        }
    }
}
