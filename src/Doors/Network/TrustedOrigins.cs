using System.Collections.Frozen;
using Reeve.Authority;

namespace Reeve.Doors.Network;

/// <summary>Origins the operator named in the configuration: they may be local or private.</summary>
/// <remarks>
/// Trust is by exact scheme, host and port. It holds for the first request only: no redirect leads into it.
/// Metadata endpoints are refused here too.
/// </remarks>
public sealed class TrustedOrigins
{
    public const int OriginsMax = 64;

    private readonly FrozenSet<string> _origins;

    /// <exception cref="ProblemException"><c>config.url_invalid</c>.</exception>
    public TrustedOrigins(params IEnumerable<string> urls)
    {
        _origins = urls.Select(OriginOf).ToFrozenSet(StringComparer.Ordinal);
        Problem.ThrowUnless(_origins.Count <= OriginsMax, "config.url_invalid", "Too many endpoints are configured.");
    }

    public static TrustedOrigins None { get; } = new();

    public bool Contains(CheckedUri uri) => _origins.Contains(uri.Origin);

    private static string OriginOf(string url)
    {
        var parsed = CheckedUri.Parse(url, out var refusal);
        Problem.ThrowUnless(
            parsed is not null, "config.url_invalid", $"A configured endpoint is not usable. {refusal?.Reason}");

        return parsed.Origin;
    }
}
