using System.Collections.Frozen;
using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>Decides what a redirect becomes: the next request, or a refusal.</summary>
/// <remarks>
/// Only headers that cannot be credentials cross to another origin; a body never does; https never falls back to
/// http. The next address is judged like the first one.
/// </remarks>
internal static class Redirects
{
    private static readonly FrozenSet<string> s_harmless = FrozenSet.ToFrozenSet(
        ["accept", "accept-language", "user-agent"], StringComparer.OrdinalIgnoreCase);

    public static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

    public static (CheckedUri Uri, ReachRequest Request) Follow(
        CheckedUri from, ReachRequest request, int status, string location)
    {
        var next = Resolve(from, location);
        var isSameOrigin = string.Equals(from.Origin, next.Origin, StringComparison.Ordinal);

        if (from.IsSecure && !next.IsSecure)
        {
            throw Refused("The redirect leads from https to http.");
        }

        var keepsBody = status is 307 or 308 || request.Method is "GET" or "HEAD";

        if (!isSameOrigin && keepsBody && request.Body.Count > 0)
        {
            throw Refused("The redirect would send the body to another origin.");
        }

        return (next, request with
        {
            Url = next.ToString(),
            Method = keepsBody ? request.Method : "GET",
            Body = keepsBody ? request.Body : [],
            Headers = isSameOrigin ? request.Headers : WithoutCredentials(request.Headers),
        });
    }

    private static ImmutableArray<ReachHeader> WithoutCredentials(ImmutableArray<ReachHeader> headers) =>
        [.. headers.Where(header => s_harmless.Contains(header.Name))];

    private static CheckedUri Resolve(CheckedUri from, string location)
    {
        // An absolute location is read as it stands: joining would tidy away what the strict parser refuses.
        var text = location switch
        {
            ['/', '/', ..] => $"{from.Scheme}:{location}",
            ['/', ..] => from.Origin + location,
            _ when location.Contains("://", StringComparison.Ordinal) => location,
            _ => from.Origin + DirectoryOf(from.PathAndQuery) + location,
        };

        return CheckedUri.Parse(text, out var refusal)
            ?? throw Refused($"The redirect leads to a URL that is refused. {refusal?.Reason}");
    }

    private static string DirectoryOf(string pathAndQuery)
    {
        var path = pathAndQuery.Split('?')[0];
        return path[..(path.LastIndexOf('/') + 1)];
    }

    private static ReachException Refused(string reason) =>
        new(new Problem("net.redirect_refused", reason), wasSent: true);
}
