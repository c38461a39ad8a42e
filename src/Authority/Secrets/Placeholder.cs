using System.Buffers;

namespace Reeve.Authority.Secrets;

/// <summary>Tells a value from what only stands for one: variables, words, masks and examples.</summary>
internal static class Placeholder
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "example", "your", "changeme", "change_me", "change-me", "placeholder", "dummy", "xxxx", "****", "....",
        "redacted", "insert", "replace", "todo", "null", "none", "undefined", "<", "process.env", "os.environ",
        "getenv", "secrets.", "vault:", "config.", "env.", "settings.", "self.", "this.", "options.", "args.",
        "string", "function",
    ], StringComparison.OrdinalIgnoreCase);

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
        if (value.Length < (isPassword ? 6 : 16) || IsReference(value))
        {
            return false;
        }

        var hasLetter = value.IndexOfAny(Letters.AsciiLetters) >= 0;
        var hasDigit = value.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0;
        var hasSign = value.IndexOfAny(Letters.PasswordSigns) >= 0;
        var isMixed = hasLetter && (hasDigit || (isPassword && hasSign));

        return isMixed && Entropy.BitsPerLetter(value) >= (isPassword ? 2.2 : 3) && !HasPlaceholderWord(value);
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

        return ((ReadOnlySpan<char>)text).ContainsAny(s_words);
    }
}
