using Reeve.Authority.Secrets;

namespace Reeve.Tests.Unit.Authority.Secrets.Plain;

/// <summary>The same as MappedText, one byte after the other.</summary>
internal sealed class PlainMappedText
{
    private byte[] _bytes = new byte[256];
    private int[] _origins = new int[257];
    private int _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public bool IsChanged { get; private set; }

    /// <summary>The place in the original text of a finding in this reading.</summary>
    public SecretFinding Origin(SecretFinding finding) =>
        new(_origins[finding.Start], _origins[finding.End] - _origins[finding.Start], finding.Kind);

    /// <summary>Reads <c>\n</c>, <c>\"</c>, <c>\u0041</c>, <c>%41</c> and text in quotes that is joined by
    /// code.</summary>
    public void Read(ReadOnlySpan<byte> text, int offset)
    {
        _count = 0;
        IsChanged = false;

        for (var at = 0; at < text.Length;)
        {
            var (letter, used) = ReadOne(text[at..]);

            if (letter >= 0)
            {
                Add((byte)letter, offset + at);
            }

            IsChanged |= used > 1;
            at += used;
        }

        Add(0, offset + text.Length);
        _count--;
    }

    private void Add(byte letter, int origin)
    {
        if (_count == _bytes.Length)
        {
            Array.Resize(ref _bytes, _count * 2);
            Array.Resize(ref _origins, (_count * 2) + 1);
        }

        _bytes[_count] = letter;
        _origins[_count++] = origin;
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
        var hasLine = at < text.Length && text[at..].IndexOf((byte)'\n') == CountOf(text[at..], " \t\r"u8);
        at += CountOf(text[at..], " \t\r\n"u8);
        var isQuote = at < text.Length && text[at] == text[0];

        return (hasSign || hasLine) && isQuote ? at + 1 : 0;
    }

    private static int CountOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> letters) =>
        text[..Math.Min(text.Length, 256)].IndexOfAnyExcept(letters) is var end and >= 0
            ? end
            : Math.Min(text.Length, 256);

    private static int Hex(ReadOnlySpan<byte> two) =>
        (Convert.ToInt32(((char)two[0]).ToString(), 16) * 16) + Convert.ToInt32(((char)two[1]).ToString(), 16);
}
