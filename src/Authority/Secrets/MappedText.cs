namespace Reeve.Authority.Secrets;

/// <summary>A reading of a piece of text with escapes resolved, that remembers where each byte came from.</summary>
internal sealed class MappedText
{
    // How far the original is ahead, from each place on where that changes.
    private readonly List<(int At, int Ahead)> _shifts = [];
    private byte[] _bytes = new byte[256];
    private int _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public bool IsChanged { get; private set; }

    /// <summary>The place in the original text of a finding in this reading.</summary>
    public SecretFinding Origin(SecretFinding finding)
    {
        var start = OriginOf(finding.Start);

        return new SecretFinding(start, OriginOf(finding.End) - start, finding.Kind);
    }

    /// <summary>Reads <c>\n</c>, <c>\"</c>, <c>\u0041</c>, <c>%41</c> and text in quotes that is joined by
    /// code.</summary>
    public void Read(ReadOnlySpan<byte> text, int offset)
    {
        _count = 0;
        _shifts.Clear();
        IsChanged = false;

        // A reading is never longer than what is read.
        if (_bytes.Length < text.Length)
        {
            _bytes = new byte[text.Length * 2];
        }

        var done = 0;

        for (var block = 0; block < text.Length; block += TextBlock.Bytes)
        {
            for (var places = Candidates(TextBlock.At(text, block)); places != 0;)
            {
                var at = block + TextBlock.TakeFirst(ref places);

                if (at >= done && ReadOne(text[at..]) is { Used: > 1 } read)
                {
                    Add(text[done..at], offset + done);
                    Add(read.Letter >= 0 ? [(byte)read.Letter] : [], offset + at);
                    done = at + read.Used;
                    IsChanged = true;
                }
            }
        }

        Add(text[done..], offset + done);
        Shift(offset + text.Length);
    }

    // What stands behind the block is taken to be what makes a quote a joint; Joint looks again.
    private static ulong Candidates(TextBlock block)
    {
        const ulong Last = 1UL << 63;

        var escapes = block.Where((byte)'\\');
        var quotes = block.Where((byte)'"') | block.Where((byte)'\'');

        if (quotes != 0)
        {
            var spaces = block.Where((byte)' ') | block.Where((byte)'\t') | block.Where((byte)'\r')
                | block.Where((byte)'\n');
            var signs = escapes | block.Where((byte)'+') | block.Where((byte)'.') | block.Where((byte)'&');
            quotes &= ((spaces | signs) >> 1) | Last;
        }

        return escapes | block.Where((byte)'%') | quotes;
    }

    private void Add(ReadOnlySpan<byte> letters, int origin)
    {
        if (!letters.IsEmpty)
        {
            Shift(origin);
            letters.CopyTo(_bytes.AsSpan(_count));
            _count += letters.Length;
        }
    }

    private void Shift(int origin)
    {
        if (_shifts.Count == 0 || _shifts[^1].Ahead != origin - _count)
        {
            _shifts.Add((_count, origin - _count));
        }
    }

    private int OriginOf(int place)
    {
        var found = _shifts.BinarySearch((place, int.MaxValue));

        return place + _shifts[(found < 0 ? ~found : found) - 1].Ahead;
    }

    private static (int Letter, int Used) ReadOne(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'\\' when text.Length > 1 => ReadBackslash(text),
        (byte)'%' when text.Length > 2 && Boundary.IsHex(text[1]) && Boundary.IsHex(text[2]) =>
            (Hex(text.Slice(1, 2)), 3),
        (byte)'"' or (byte)'\'' when Joint(text) is var length and > 0 => (-1, length),
        var other => (other, 1),
    };

    private static (int Letter, int Used) ReadBackslash(ReadOnlySpan<byte> text)
    {
        switch (text[1])
        {
            case (byte)'u' when text.Length > 5 && text[2] == '0' && text[3] == '0'
                && Boundary.IsHex(text[4]) && Boundary.IsHex(text[5]):
                return (Hex(text.Slice(4, 2)), 6);
            case (byte)'x' when text.Length > 3 && Boundary.IsHex(text[2]) && Boundary.IsHex(text[3]):
                return (Hex(text.Slice(2, 2)), 4);
            case (byte)'n' or (byte)'r' or (byte)'t':
                return ('\n', 2);
            case (byte)'\n':
                // A line that goes on: the indent of the next one belongs to the layout.
                return (-1, 2 + CountOf(text[2..], " \t"u8));
            case (byte)'"' or (byte)'\'' or (byte)'/' or (byte)'\\':
                return (text[1], 2);
            default:
                return (text[0], 1);
        }
    }

    // "abc" + "def", 'abc' . 'def', "abc" \ "def", "abc" newline "def": the length of what stands between.
    private static int Joint(ReadOnlySpan<byte> text)
    {
        var at = 1 + CountOf(text[1..], " \t"u8);
        var hasSign = at < text.Length && text[at] is (byte)'+' or (byte)'.' or (byte)'&' or (byte)'\\';
        at += hasSign ? 1 : 0;
        var end = at + CountOf(text[at..], " \t\r"u8);
        var hasLine = end < text.Length && text[end] == '\n';
        at += CountOf(text[at..], " \t\r\n"u8);
        var isQuote = at < text.Length && text[at] == text[0];

        return (hasSign || hasLine) && isQuote ? at + 1 : 0;
    }

    private static int CountOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> letters) =>
        text[..Math.Min(text.Length, 256)].IndexOfAnyExcept(letters) is var end and >= 0
            ? end
            : Math.Min(text.Length, 256);

    private static int Hex(ReadOnlySpan<byte> two) => (Digit(two[0]) * 16) + Digit(two[1]);

    // Letters have the bit of 0x40 and begin at one.
    private static int Digit(byte hex) => (hex & 0x0F) + ((hex >> 6) * 9);
}
