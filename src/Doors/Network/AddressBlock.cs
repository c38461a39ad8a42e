using System.Net;

namespace Reeve.Doors.Network;

/// <summary>One range of addresses that is refused, with the code and the name under which it is known.</summary>
/// <remarks>IPv4 takes the low 32 bits; the family is kept apart, so that no IPv4 block matches an IPv6
/// address.</remarks>
internal readonly struct AddressBlock
{
    private readonly UInt128 _prefix;
    private readonly int _shift;

    public AddressBlock(string cidr, string code, string name)
    {
        var parts = IPNetwork.Parse(cidr);
        IsVersion4 = parts.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        _shift = (IsVersion4 ? 32 : 128) - parts.PrefixLength;
        _prefix = AddressRules.NumberOf(parts.BaseAddress) >> _shift;
        Code = code;
        Name = name;
    }

    public bool IsVersion4 { get; }

    public string Code { get; }

    public string Name { get; }

    public bool Contains(UInt128 address, bool isVersion4) =>
        isVersion4 == IsVersion4 && address >> _shift == _prefix;
}
