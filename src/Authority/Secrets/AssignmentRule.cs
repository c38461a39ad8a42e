namespace Reeve.Authority.Secrets;

/// <summary>A value assigned to a name that says it is secret, in code, configuration, JSON or an address.</summary>
internal sealed class AssignmentRule() : SecretRule(
    "password", "passwd", "passphrase", "pwd", "secret", "api_key", "api-key", "apikey", "access_key", "access-key",
    "accesskey", "auth_key", "authkey", "private_key", "encryption_key", "signing_key", "token", "credential")
{
    private const int NameBytesMax = 40;
    private const int ValueBytesMax = 256;

    private static readonly string[] s_harmlessEndings =
    [
        "s", "id", "name", "path", "file", "url", "uri", "type", "count", "limit", "max", "min", "length", "size",
        "izer", "ize", "policy", "field", "hint", "label", "expires", "expiry", "ttl", "endpoint", "version", "env",
    ];

    public override bool IgnoresCase => true;

    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var nameEnd = at + anchorLength;
        var nameMost = Math.Min(text.Length, nameEnd + NameBytesMax);

        while (nameEnd < nameMost
            && (Boundary.IsAlphanumeric(text[nameEnd]) || text[nameEnd] is (byte)'_' or (byte)'-'))
        {
            nameEnd++;
        }

        var valueAt = SkipOperator(text, nameEnd);

        // Most names are only mentioned, so the value is looked for first.
        return valueAt < 0
            || IsHarmless(text[(at + anchorLength)..nameEnd])
            || IsPublic(text[Math.Max(0, at - 16)..at])
                ? null
                : MatchValue(text, valueAt, IsPassword(text[at]));
    }

    private static SecretFinding? MatchValue(ReadOnlySpan<byte> text, int at, bool isPassword)
    {
        var isEscaped = at + 1 < text.Length && text[at] == '\\' && text[at + 1] is (byte)'"' or (byte)'\'';
        at += isEscaped && text[at] == '\\' ? 1 : 0;
        var quote = at < text.Length && text[at] is (byte)'"' or (byte)'\'' or (byte)'`' ? text[at] : (byte)0;
        at += quote == 0 ? 0 : 1;
        var rest = text[Math.Min(at, text.Length)..];
        rest = rest[..Math.Min(rest.Length, ValueBytesMax)];
        var end = quote == 0 ? rest.IndexOfAny(Letters.ValueEnds) : rest.IndexOfAny(quote, (byte)'\n', (byte)'\\');
        var value = end < 0 ? rest : rest[..end];
        var isValue = value.IndexOfAny((byte)' ', (byte)'\t') < 0 && Placeholder.LooksSecret(value, isPassword);

        return isValue ? new SecretFinding(at, value.Length, isPassword ? "password" : "secret-value") : null;
    }

    // Between name and value: quotes, brackets and spaces around one operator.
    private static int SkipOperator(ReadOnlySpan<byte> text, int at)
    {
        var most = Math.Min(text.Length, at + 16);
        var operators = 0;

        for (; at < most; at++)
        {
            switch (text[at])
            {
                case (byte)' ' or (byte)'\t':
                    break;
                case (byte)'=' or (byte)':' when operators < 2:
                    operators++;
                    break;
                case (byte)'>' when operators == 1:
                    break;
                case (byte)'"' or (byte)'\'' or (byte)']' or (byte)'\\' when operators == 0:
                    break;
                default:
                    return operators > 0 ? at : -1;
            }
        }

        return -1;
    }

    private static bool IsPassword(byte first) => first is (byte)'p' or (byte)'P';

    private static bool IsPublic(ReadOnlySpan<byte> before)
    {
        Span<byte> lower = stackalloc byte[before.Length];
        System.Text.Ascii.ToLower(before, lower, out _);

        return lower.IndexOf("public"u8) >= 0 || lower.IndexOf("csrf"u8) >= 0;
    }

    private static bool IsHarmless(ReadOnlySpan<byte> ending)
    {
        if (ending.IsEmpty)
        {
            return false;
        }

        Span<char> text = stackalloc char[ending.Length];
        System.Text.Ascii.ToUtf16(ending, text, out _);
        var trimmed = ((ReadOnlySpan<char>)text).TrimStart("_-");

        foreach (var harmless in s_harmlessEndings)
        {
            var isWhole = trimmed.Equals(harmless, StringComparison.OrdinalIgnoreCase);
            var isLast = harmless.Length > 2 && trimmed.EndsWith(harmless, StringComparison.OrdinalIgnoreCase);

            if (isWhole || isLast)
            {
                return true;
            }
        }

        return false;
    }
}
