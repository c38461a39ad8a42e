using System.Globalization;
using System.Net;

namespace Reeve.Doors.Network;

/// <summary>Reads addresses in their one plain form: dotted decimal without leading zeros, or RFC 4291 text.</summary>
/// <remarks>
/// Octal, hexadecimal, short and single-number forms are read differently by different programs, so they are
/// recognised here only in order to be refused.
/// </remarks>
internal static class AddressSyntax
{
    public static IPAddress? Parse(ReadOnlySpan<char> text) =>
        text.Contains(':') ? ParseVersion6(text) : ParseVersion4(text);

    public static IPAddress? ParseVersion4(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var part = 0;

        foreach (var range in text.Split('.'))
        {
            var digits = text[range];

            if (part == 4 || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9')
                || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[part]))
            {
                return null;
            }

            part++;
        }

        return part == 4 ? new IPAddress(bytes) : null;
    }

    /// <summary>True for what some program would read as a number instead of a name (WHATWG URL, "ends in a
    /// number").</summary>
    public static bool LooksNumeric(ReadOnlySpan<char> host)
    {
        var trimmed = host.TrimEnd('.');
        var last = trimmed[(trimmed.LastIndexOf('.') + 1)..];

        if (last.IsEmpty)
        {
            return false;
        }

        return !last.ContainsAnyExceptInRange('0', '9')
            || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                && !last[2..].ContainsAnyExcept("0123456789abcdefABCDEF"));
    }

    public static IPAddress? ParseVersion6(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 45 || text.ContainsAnyExcept("0123456789abcdefABCDEF:."))
        {
            return null;
        }

        var dotted = text.Contains('.') ? text[(text.LastIndexOf(':') + 1)..] : default;

        return (dotted.IsEmpty || ParseVersion4(dotted) is not null)
            && IPAddress.TryParse(text, out var address) ? address : null;
    }
}
