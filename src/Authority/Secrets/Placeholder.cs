namespace Reeve.Authority.Secrets;

/// <summary>Tells a value from what only stands for one: variables, words, masks and examples.</summary>
internal static class Placeholder
{
    private static readonly string[] s_words =
    [
        "example", "your", "changeme", "change_me", "change-me", "placeholder", "dummy", "xxxx", "****", "....",
        "redacted", "insert", "replace", "todo", "null", "none", "undefined", "<", "process.env", "os.environ",
        "getenv", "secrets.", "vault:", "config.", "env.", "settings.", "self.", "this.", "options.", "args.",
        "string", "function",
    ];

    /// <summary>True for what could be a password in an address.</summary>
    public static bool IsPassword(ReadOnlySpan<byte> value) =>
        value.Length >= 3
        && !IsReference(value)
        && !value.SequenceEqual("password"u8)
        && !value.SequenceEqual("pass"u8)
        && Entropy.Distinct(value) > 1;

    /// <summary>True for a value that chance has made, or a person who wanted it to look so.</summary>
    public static bool LooksSecret(ReadOnlySpan<byte> value, bool isPassword)
    {
        if (IsReference(value) || HasPlaceholderWord(value))
        {
            return false;
        }

        var hasLetter = false;
        var hasDigit = false;
        var hasSign = false;

        foreach (var letter in value)
        {
            hasLetter |= char.IsAsciiLetter((char)letter);
            hasDigit |= char.IsAsciiDigit((char)letter);
            hasSign |= letter is (byte)'!' or (byte)'@' or (byte)'#' or (byte)'$' or (byte)'%' or (byte)'^' or (byte)'&'
                or (byte)'*' or (byte)'?' or (byte)'+';
        }

        var bits = Entropy.BitsPerLetter(value);

        return isPassword
            ? value.Length >= 6 && hasLetter && (hasDigit || hasSign) && bits >= 2.2
            : value.Length >= 16 && hasLetter && hasDigit && bits >= 3;
    }

    private static bool IsReference(ReadOnlySpan<byte> value) =>
        value.IsEmpty
        || value[0] is (byte)'$' or (byte)'{' or (byte)'<' or (byte)'[' or (byte)'(' or (byte)'/' or (byte)'.'
        || value.IndexOf("${"u8) >= 0
        || value.IndexOf("{{"u8) >= 0
        || value.IndexOf("(("u8) >= 0
        || value.IndexOf((byte)'(') >= 0
        || (value[0] == '%' && value[^1] is (byte)'%' or (byte)'s');

    private static bool HasPlaceholderWord(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[Math.Min(value.Length, 128)];
        System.Text.Ascii.ToUtf16(value[..text.Length], text, out _);

        foreach (var word in s_words)
        {
            if (((ReadOnlySpan<char>)text).Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
