namespace Reeve.Authority.Secrets;

/// <summary>Tells whether a token may begin at a place, or is only the middle of a longer word.</summary>
internal static class Boundary
{
    public static bool IsBefore(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0 || !(IsAlphanumeric(text[at - 1]) || text[at - 1] == '_'))
        {
            return true;
        }

        // The last letter of an escape is no part of a word: \n in JSON and source, %3D in an address.
        var isEscape = at >= 2 && text[at - 2] == '\\' && text[at - 1] is (byte)'n' or (byte)'t' or (byte)'r';
        var isPercent = at >= 3 && text[at - 3] == '%' && IsHex(text[at - 2]) && IsHex(text[at - 1]);

        return (isEscape && text[at - 2] == '\\') || isPercent;
    }

    public static bool IsAlphanumeric(byte letter) => char.IsAsciiLetterOrDigit((char)letter);

    public static bool IsHex(byte letter) => char.IsAsciiHexDigit((char)letter);
}
