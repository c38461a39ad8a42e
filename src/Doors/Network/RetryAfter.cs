using System.Globalization;

namespace Reeve.Doors.Network;

/// <summary>Reads Retry-After (RFC 9110, 10.2.3) in seconds or as a date.</summary>
internal static class RetryAfter
{
    public static readonly TimeSpan Max = TimeSpan.FromHours(24);

    public static TimeSpan? Parse(string value, DateTimeOffset now)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds > Max.TotalSeconds ? Max : TimeSpan.FromSeconds(seconds);
        }

        if (!DateTimeOffset.TryParseExact(
            value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return null;
        }

        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Max ? Max : wait;
    }
}
