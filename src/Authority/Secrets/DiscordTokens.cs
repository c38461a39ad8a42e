namespace Reeve.Authority.Secrets;

/// <summary>Finds Discord bot tokens: the encoded number of the bot, a time and a code, with dots between.</summary>
/// <remarks>They have no fixed beginning; the second dot is looked for, seven bytes after the first.</remarks>
internal static class DiscordTokens
{
    private const int NumberBytesMin = 23;
    private const int NumberBytesMax = 28;
    private const int DotsApart = 7;
    private const int CodeBytesMin = 27;
    private const int CodeBytesMax = 38;

    public static void Find(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        for (var block = NumberBytesMin; block + DotsApart < text.Length; block += TextBlock.Bytes)
        {
            var places = TextBlock.At(text, block).Where((byte)'.')
                & TextBlock.At(text, block + DotsApart).Where((byte)'.');

            while (places != 0)
            {
                if (Match(text, block + TextBlock.TakeFirst(ref places)) is { } finding)
                {
                    found.Add(finding);
                }
            }
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
