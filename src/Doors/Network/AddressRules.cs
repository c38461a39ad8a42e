using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Reeve.Doors.Network;

/// <summary>Says of one IP address whether Reeve may connect to it without the operator's word.</summary>
/// <remarks>
/// Refused is every block of the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates),
/// multicast, deprecated site-local, every form that carries an IPv4 address inside an IPv6 one (mapped,
/// compatible, translated, NAT64, 6to4, Teredo, ISATAP), whatever the carried address is, and the
/// metadata endpoints of the clouds. Everything else is allowed. The first block that matches names the reason,
/// so the narrower one stands first.
/// </remarks>
public static class AddressRules
{
    private const string Special = "net.address_special";
    private const string Private = "net.address_private";
    private const string Embedded = "net.address_embedded";
    private const string Metadata = "net.address_metadata";

    private static readonly ImmutableArray<AddressBlock> s_version4 =
    [
        new("169.254.169.254/32", Metadata, "cloud metadata endpoint"),
        new("169.254.170.2/32", Metadata, "container metadata endpoint"),
        new("169.254.170.23/32", Metadata, "container metadata endpoint"),
        new("100.100.100.200/32", Metadata, "cloud metadata endpoint"),
        new("168.63.129.16/32", Metadata, "cloud platform endpoint"),
        new("192.0.0.192/32", Metadata, "cloud metadata endpoint"),
        new("0.0.0.0/8", Special, "this network"),
        new("10.0.0.0/8", Private, "private network"),
        new("100.64.0.0/10", Private, "shared address space"),
        new("127.0.0.0/8", "net.address_loopback", "loopback"),
        new("169.254.0.0/16", "net.address_link_local", "link-local"),
        new("172.16.0.0/12", Private, "private network"),
        new("192.0.0.0/24", Special, "protocol assignments"),
        new("192.0.2.0/24", Special, "documentation"),
        new("192.31.196.0/24", Special, "AS112 service"),
        new("192.52.193.0/24", Special, "automatic multicast tunneling"),
        new("192.88.99.0/24", Embedded, "6to4 relay"),
        new("192.168.0.0/16", Private, "private network"),
        new("192.175.48.0/24", Special, "AS112 service"),
        new("198.18.0.0/15", Special, "benchmarking"),
        new("198.51.100.0/24", Special, "documentation"),
        new("203.0.113.0/24", Special, "documentation"),
        new("224.0.0.0/4", Special, "multicast"),
        new("240.0.0.0/4", Special, "reserved"),
    ];

    private static readonly ImmutableArray<AddressBlock> s_version6 =
    [
        new("fd00:ec2::254/128", Metadata, "cloud metadata endpoint"),
        new("fd00:ec2::23/128", Metadata, "container metadata endpoint"),
        new("fd20:ce::254/128", Metadata, "cloud metadata endpoint"),
        new("fd00:42::42/128", Metadata, "cloud metadata endpoint"),
        new("::1/128", "net.address_loopback", "loopback"),
        new("::/128", Special, "unspecified address"),
        new("::ffff:0:0/96", Embedded, "IPv4-mapped address"),
        new("::ffff:0:0:0/96", Embedded, "IPv4-translated address"),
        new("::/96", Embedded, "IPv4-compatible address"),
        new("64:ff9b::/96", Embedded, "NAT64"),
        new("64:ff9b:1::/48", Embedded, "local NAT64"),
        new("100::/64", Special, "discard-only"),
        new("100:0:0:1::/64", Special, "dummy prefix"),
        new("2001::/32", Embedded, "Teredo"),
        new("2001::/23", Special, "protocol assignments"),
        new("2001:db8::/32", Special, "documentation"),
        new("2002::/16", Embedded, "6to4"),
        new("2620:4f:8000::/48", Special, "AS112 service"),
        new("3fff::/20", Special, "documentation"),
        new("5f00::/16", Special, "segment routing"),
        new("fc00::/7", Private, "unique-local network"),
        new("fe80::/10", "net.address_link_local", "link-local"),
        new("fec0::/10", Private, "site-local network"),
        new("ff00::/8", Special, "multicast"),
    ];

    public static AddressVerdict Judge(IPAddress address)
    {
        var isVersion4 = address.AddressFamily == AddressFamily.InterNetwork;

        if (!isVersion4 && address.ScopeId != 0)
        {
            return Refuse("net.address_zone", "an address with a zone");
        }

        var number = NumberOf(address);

        foreach (var block in isVersion4 ? s_version4 : s_version6)
        {
            if (block.Contains(number, isVersion4))
            {
                return Refuse(block.Code, block.Name);
            }
        }

        return !isVersion4 && IsIntraSiteTunnel(number) ? Refuse(Embedded, "ISATAP") : AddressVerdict.Allowed;
    }

    /// <summary>True for the endpoints that hand out a machine's credentials: refused even on the operator's
    /// word.</summary>
    public static bool IsMetadata(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return string.Equals(Judge(plain).Code, Metadata, StringComparison.Ordinal);
    }

    internal static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var written);

        return written == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    // RFC 5214: the interface identifier is ::0:5efe:a.b.c.d, or ::200:5efe:a.b.c.d, below any prefix.
    private static bool IsIntraSiteTunnel(UInt128 number) =>
        ((uint)(number >> 32) & ~0x0200_0000u) == 0x0000_5efe;

    private static AddressVerdict Refuse(string code, string name) =>
        new(IsAllowed: false, code, $"The address is not public: {name}.");
}

/// <summary>What the rules say of an address. The unset value refuses.</summary>
public readonly record struct AddressVerdict(bool IsAllowed, string Code, string Reason)
{
    public static AddressVerdict Allowed => new(IsAllowed: true, "net.public", "The address is public.");
}
