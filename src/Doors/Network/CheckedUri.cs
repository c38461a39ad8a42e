using System.Globalization;
using System.Net;
using System.Text;

namespace Reeve.Doors.Network;

/// <summary>A URL that every program reads the same way. What two parsers could read differently does not
/// parse.</summary>
/// <remarks>
/// Narrower than RFC 3986 and the WHATWG URL standard: http and https only, no user information, no percent
/// signs, backslashes or non-ASCII in the authority, no address but in its plain form, no white space or control
/// character anywhere. It says nothing of who may be reached: that is <see cref="AddressRules"/>, per hop.
/// </remarks>
public sealed class CheckedUri
{
    public const int CharactersMax = 8_192;

    private Uri? _uri;

    private CheckedUri(string scheme, string host, IPAddress? address, int port, string pathAndQuery)
    {
        Scheme = scheme;
        Host = host;
        Address = address;
        Port = port;
        PathAndQuery = pathAndQuery;
        Origin = $"{Scheme}://{HostInUrl}:{Port.ToString(CultureInfo.InvariantCulture)}";
    }

    public string Scheme { get; }

    /// <summary>Lower case, without brackets and without a trailing dot.</summary>
    public string Host { get; }

    /// <summary>The address when the host is one, else null.</summary>
    public IPAddress? Address { get; }

    public int Port { get; }

    public string PathAndQuery { get; }

    public bool IsSecure => Scheme is "https";

    /// <summary>Scheme, host and port: what a credential belongs to.</summary>
    public string Origin { get; }

    private string HostInUrl =>
        Address?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Host}]" : Host;

    public static CheckedUri? Parse(string text, out UrlRefusal? refusal)
    {
        refusal = RefuseCharacters(text) ?? SplitScheme(text, out var scheme, out var rest);

        if (refusal is not null)
        {
            return null;
        }

        SplitScheme(text, out scheme, out rest);
        var end = rest.AsSpan().IndexOfAny("/?#");
        var authority = end < 0 ? rest : rest[..end];
        var tail = end < 0 ? string.Empty : rest[end..];

        refusal = RefuseAuthority(authority, tail) ?? SplitAuthority(authority, out _, out _);

        if (refusal is not null)
        {
            return null;
        }

        SplitAuthority(authority, out var hostText, out var portText);
        var port = portText.Length == 0 ? (scheme is "https" ? 443 : 80) : ParsePort(portText);
        var host = ParseHost(hostText, out var address, out refusal);

        if (port is null && refusal is null)
        {
            refusal = new UrlRefusal("net.port_invalid", "The port is not a number from 1 to 65535.");
        }

        return refusal is null ? new CheckedUri(scheme, host, address, port!.Value, EncodeTail(tail)) : null;
    }

    /// <summary>Reads a host alone: a name, or an address in its plain form (IPv6 without brackets).</summary>
    public static string ParseHost(string text, out IPAddress? address, out UrlRefusal? refusal)
    {
        refusal = null;
        address = AddressSyntax.Parse(text);

        if (address is not null)
        {
            return address.ToString();
        }

        var host = text.ToLowerInvariant();
        host = host.EndsWith('.') ? host[..^1] : host;

        if (text.Contains('%', StringComparison.Ordinal))
        {
            refusal = text.Contains(':', StringComparison.Ordinal)
                ? new UrlRefusal("net.address_zone", "An address with a zone is not public.")
                : new UrlRefusal("net.host_invalid", "A host with percent signs is read differently by programs.");
        }
        else if (text.Contains(':', StringComparison.Ordinal))
        {
            refusal = new UrlRefusal("net.host_invalid", "The host is not an IPv6 address.");
        }
        else if (!Ascii.IsValid(text))
        {
            refusal = new UrlRefusal("net.host_not_ascii", "Write the host in ASCII, international names as xn--.");
        }
        else if (AddressSyntax.LooksNumeric(text))
        {
            refusal = new UrlRefusal("net.host_numeric", "Write an IPv4 address as four plain decimal numbers.");
        }
        else if (!HostRules.IsWellFormed(host))
        {
            refusal = new UrlRefusal("net.host_invalid", "The host is not a well-formed name.");
        }

        return host;
    }

    public Uri ToUri() => _uri ??= new Uri(Origin + PathAndQuery, UriKind.Absolute);

    public override string ToString() => Origin + PathAndQuery;

    private static UrlRefusal? RefuseCharacters(string text)
    {
        if (text.Length is 0 or > CharactersMax)
        {
            return new UrlRefusal("net.url_invalid", "The URL is empty or too long.");
        }

        foreach (var character in text)
        {
            if (char.IsControl(character) || char.IsWhiteSpace(character) || character == '\\'
                || char.GetUnicodeCategory(character) is UnicodeCategory.Format)
            {
                return new UrlRefusal(
                    "net.url_invalid", "White space, control characters and backslashes must be percent-encoded.");
            }
        }

        return null;
    }

    private static UrlRefusal? SplitScheme(string text, out string scheme, out string rest)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        scheme = colon < 0 ? string.Empty : text[..colon].ToLowerInvariant();
        rest = colon < 0 ? text : text[(colon + 1)..];

        if (scheme is not ("http" or "https"))
        {
            return new UrlRefusal("net.scheme_refused", "Only https and http can be reached.");
        }

        if (!rest.StartsWith("//", StringComparison.Ordinal) || rest.Length == 2 || rest[2] == '/')
        {
            return new UrlRefusal("net.url_invalid", "After the scheme come two slashes and a host.");
        }

        rest = rest[2..];
        return null;
    }

    private static UrlRefusal? RefuseAuthority(string authority, string tail)
    {
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return new UrlRefusal("net.userinfo_refused", "A URL carries no user name or password.");
        }

        // Some parsers look for the last @ before they look for ? and #, and so end at another host.
        return tail.Length > 0 && tail[0] != '/' && tail.Contains('@', StringComparison.Ordinal)
            ? new UrlRefusal("net.url_ambiguous", "Put a slash after the host: programs read this URL differently.")
            : null;
    }

    private static UrlRefusal? SplitAuthority(string authority, out string host, out string port)
    {
        var invalid = new UrlRefusal("net.host_invalid", "The host is not well formed.");
        var isBracketed = authority.StartsWith('[');
        var end = isBracketed ? authority.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = authority.IndexOf(':', Math.Max(end, 0));
        host = colon < 0 ? authority : authority[..colon];
        port = colon < 0 ? string.Empty : authority[(colon + 1)..];

        if (!isBracketed)
        {
            return host.Length == 0 || port.Contains(':', StringComparison.Ordinal) ? invalid : null;
        }

        if (end < 0 || host.Length != end + 1 || !host[1..end].Contains(':', StringComparison.Ordinal))
        {
            return invalid;
        }

        host = host[1..end];
        return null;
    }

    private static int? ParsePort(string text) =>
        text.Length <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65_535 ? port : null;

    private static string EncodeTail(string tail)
    {
        var fragment = tail.IndexOf('#', StringComparison.Ordinal);
        var kept = fragment < 0 ? tail : tail[..fragment];
        kept = kept.StartsWith('/') ? kept : "/" + kept;

        if (Ascii.IsValid(kept))
        {
            return kept;
        }

        var encoded = new StringBuilder(kept.Length);

        foreach (var rune in kept.EnumerateRunes())
        {
            encoded.Append(rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return encoded.ToString();
    }
}
