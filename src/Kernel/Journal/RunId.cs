using System.Diagnostics.CodeAnalysis;

namespace Reeve.Kernel.Journal;

/// <summary>Names a run: 128 bits drawn once, at admission, from the injected source of randomness.</summary>
/// <remarks>Written as 26 characters of Crockford's base 32, lower case, most significant first.</remarks>
public readonly record struct RunId(UInt128 Value)
{
    public const int TextLength = 26;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static RunId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static bool TryParse(string text, [NotNullWhen(true)] out RunId? run)
    {
        run = null;

        if (text.Length != TextLength)
        {
            return false;
        }

        UInt128 value = 0;

        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(character), StringComparison.Ordinal);

            if (digit < 0 || value >> 123 != 0)
            {
                return false;
            }

            value = (value << 5) | (UInt128)digit;
        }

        run = new RunId(value);
        return true;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public override string ToString()
    {
        var value = Value;
        Span<char> text = stackalloc char[TextLength];

        for (var place = TextLength - 1; place >= 0; place--)
        {
            text[place] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }

        return new string(text);
    }
}
