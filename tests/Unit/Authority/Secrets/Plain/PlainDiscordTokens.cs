using Reeve.Authority.Secrets;

namespace Reeve.Tests.Unit.Authority.Secrets.Plain;

/// <summary>The same as DiscordTokens, one dot after the other.</summary>
internal static class PlainDiscordTokens
{
    private const int NumberBytesMin = 23;
    private const int NumberBytesMax = 28;
    private const int CodeBytesMin = 27;
    private const int CodeBytesMax = 38;

    public static void Find(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        var at = NumberBytesMin;

        while (at < text.Length && text[at..].IndexOf((byte)'.') is var next and >= 0)
        {
            at += next;

            if (at + 7 < text.Length && text[at + 7] == '.' && Match(text, at) is { } finding)
            {
                found.Add(finding);
            }

            at++;
        }
    }

    private static SecretFinding? Match(ReadOnlySpan<byte> text, int dot)
    {
        var code = text[(dot + 8)..];
        code = code[..Math.Min(code.Length, CodeBytesMax + 1)];
        var codeLength = code.IndexOfAnyExcept(Letters.Base64Url) is var end and >= 0 ? end : code.Length;

        if (codeLength is < CodeBytesMin or > CodeBytesMax
            || text.Slice(dot + 1, 6).IndexOfAnyExcept(Letters.Base64Url) >= 0)
        {
            return null;
        }

        for (var length = Math.Min(dot, NumberBytesMax); length >= NumberBytesMin; length--)
        {
            var start = dot - length;
            var isNumber = text[start] is >= (byte)'M' and <= (byte)'O'
                && text[start..dot].IndexOfAnyExcept(Letters.Base64Url) < 0
                && Boundary.IsBefore(text, start);

            if (isNumber)
            {
                return new SecretFinding(start, length + 8 + codeLength, "discord-token");
            }
        }

        return null;
    }
}
