using System.Collections.Frozen;
using System.Net;

namespace Reeve.Doors.Network;

/// <summary>What is refused by the mere name of a host, before anyone resolves it.</summary>
/// <remarks>
/// Names that mean this machine or this network (RFC 6761, RFC 6762, RFC 8375 and common private suffixes), the
/// names of metadata services, and public wildcard zones whose names spell the address they resolve to.
/// </remarks>
internal static class HostRules
{
    public const int HostCharactersMax = 253;
    public const int LabelCharactersMax = 63;

    private static readonly FrozenSet<string> s_localSuffixes = FrozenSet.ToFrozenSet(
    [
        "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "arpa",
        "invalid", "onion", "alt", "svc", "consul", "localhost4", "localhost6", "localdomain4", "localdomain6",
        "workgroup", "domain",
    ]);

    private static readonly FrozenSet<string> s_metadataNames = FrozenSet.ToFrozenSet(
    [
        "metadata.goog", "metadata.tencentyun.com", "metadata.packet.net", "metadata.platformequinix.com",
        "metadata.nicmetadata.com", "metadata.azure.com", "metadata.oraclecloud.com",
    ]);

    private static readonly FrozenSet<string> s_mirrorZones = FrozenSet.ToFrozenSet(
    [
        "nip.io", "sslip.io", "xip.io", "xip.name", "ip6.name", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com",
        "1u.ms", "rbndr.us", "rebind.network", "traefik.me", "localh.st", "yoogle.com", "backname.io", "local-ip.co",
        "local.gd", "fuf.me", "smackaho.st", "fbi.com.localdomain", "burpcollaborator.net", "42foo.com",
        "feacluster.com",
        "lndo.site", "ddev.site", "nip.dev", "myip.dev", "has-no-privacy.net", "127-0-0-1.org.uk",
    ]);

    /// <summary>Null when the name may be resolved; its addresses are judged afterwards.</summary>
    public static UrlRefusal? Judge(string host)
    {
        var lastDot = host.LastIndexOf('.');

        if (lastDot < 0)
        {
            return new UrlRefusal("net.host_local", "A name without a dot belongs to a local network.");
        }

        if (s_localSuffixes.Contains(host[(lastDot + 1)..]))
        {
            return new UrlRefusal("net.host_local", "The name belongs to this machine or a local network.");
        }

        if (s_metadataNames.Contains(host))
        {
            return new UrlRefusal("net.host_metadata", "The name belongs to a cloud metadata service.");
        }

        var zone = host[(host.LastIndexOf('.', lastDot - 1) + 1)..];

        return s_mirrorZones.Contains(zone) || host.EndsWith(".127-0-0-1.org.uk", StringComparison.Ordinal)
            ? new UrlRefusal("net.host_mirror", "The zone resolves to whatever address a name spells.")
            : null;
    }

    /// <summary>Letters, digits, hyphens and underscores in labels of the allowed lengths (RFC 1035, RFC
    /// 3696).</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > HostCharactersMax)
        {
            return false;
        }

        foreach (var range in host.Split('.'))
        {
            var label = host[range];

            if (label.Length is 0 or > LabelCharactersMax || label[0] == '-' || label[^1] == '-'
                || label.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-_"))
            {
                return false;
            }
        }

        return true;
    }
}
