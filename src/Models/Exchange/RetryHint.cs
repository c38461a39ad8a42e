using System.Globalization;

namespace Reeve.Models.Exchange;

/// <summary>How long a provider asks to wait, in any of the headers they use.</summary>
internal static class RetryHint
{
    public static readonly TimeSpan Max = TimeSpan.FromHours(24);

    public static TimeSpan? Find(IReadOnlyDictionary<string, string> headers, int status, DateTimeOffset now)
    {
        string Header(string name) => headers.TryGetValue(name, out var value) ? value.Trim() : string.Empty;

        var asked = Milliseconds(Header("retry-after-ms")) ?? SecondsOrDate(Header("retry-after"), now);

        if (asked is null && status == 429)
        {
            asked = Longest(
                Duration(Header("x-ratelimit-reset-requests"), Header("x-ratelimit-remaining-requests")),
                Duration(Header("x-ratelimit-reset-tokens"), Header("x-ratelimit-remaining-tokens")));
        }

        return asked is null ? null : TimeSpan.FromTicks(Math.Clamp(asked.Value.Ticks, 0, Max.Ticks));
    }

    private static TimeSpan? Milliseconds(string text) => Number(text) is { } value ? OfSeconds(value / 1_000) : null;

    private static TimeSpan? SecondsOrDate(string text, DateTimeOffset now)
    {
        if (Number(text) is { } seconds)
        {
            return OfSeconds(seconds);
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now : null;
    }

    // As 1s, 6m0s, 20ms or 1h2m3.5s. A limit that is not used up is no reason to wait.
    private static TimeSpan? Duration(string text, string remaining)
    {
        if (text.Length == 0 || Number(remaining) > 0)
        {
            return null;
        }

        var total = 0.0;
        var start = 0;

        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsAsciiDigit(text[index]) || text[index] == '.')
            {
                continue;
            }

            var isMilliseconds = text.AsSpan(index).StartsWith("ms", StringComparison.Ordinal);
            double? unit = isMilliseconds ? 0.001 : text[index] switch { 'h' => 3_600, 'm' => 60, 's' => 1, _ => null };

            if (unit is null || Number(text[start..index]) is not { } value)
            {
                return null;
            }

            total += value * unit.Value;
            index += isMilliseconds ? 1 : 0;
            start = index + 1;
        }

        return start == text.Length ? OfSeconds(total) : Number(text[start..]) is { } plain ? OfSeconds(plain) : null;
    }

    private static TimeSpan? Longest(TimeSpan? left, TimeSpan? right) => left > right || right is null ? left : right;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static TimeSpan OfSeconds(double seconds) =>
        seconds >= Max.TotalSeconds ? Max : TimeSpan.FromSeconds(seconds);
}
