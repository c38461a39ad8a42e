using System.Collections.Frozen;
using System.Globalization;

namespace Reeve.Kernel.Schemas;

/// <summary>The formats of texts that a schema may name; they are checked, not only noted.</summary>
internal static class SchemaFormats
{
    private static readonly string[] s_times =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static FrozenSet<string> Names { get; } =
        new[] { "date", "date-time", "uuid", "uri", "email" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Fits(string format, string text) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),

        // An RFC 3339 time always says how far it is from UTC.
        "date-time" => text.Length > 19 && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParseExact(
                text.ToUpperInvariant(), s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(char.IsWhiteSpace),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
