using System.Runtime.Intrinsics;

namespace Reeve.Authority.Secrets;

/// <summary>Up to eight sets of bytes: a byte may belong to those whose bit both its halves have.</summary>
/// <remarks>A set that is the product of its low and high halves is told exactly; any other one too widely.</remarks>
internal readonly struct NibbleTable
{
    private NibbleTable(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high)
    {
        Low = Repeated(low);
        High = Repeated(high);
    }

    public Vector512<byte> Low { get; }

    public Vector512<byte> High { get; }

    /// <param name="sets">The bytes of each set; a place without a set belongs to nobody.</param>
    public static NibbleTable Of(IReadOnlyList<NibbleSet> sets)
    {
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        low.Clear();
        high.Clear();

        for (var set = 0; set < sets.Count; set++)
        {
            for (var nibble = 0; nibble < 16; nibble++)
            {
                low[nibble] |= (byte)(((sets[set].Low >> nibble) & 1) << set);
                high[nibble] |= (byte)(((sets[set].High >> nibble) & 1) << set);
            }
        }

        return new NibbleTable(low, high);
    }

    /// <summary>Tells exactly which bytes are among these ASCII letters: each set is one row of sixteen.</summary>
    public static NibbleTable OfAscii(Func<byte, bool> isMember)
    {
        var rows = Enumerable.Range(0, 8).Select(row => new NibbleSet(
            (ushort)Enumerable.Range(0, 16).Where(low => isMember((byte)((row << 4) | low))).Sum(low => 1 << low),
            (ushort)(1 << row)));

        return Of([.. rows]);
    }

    private static Vector512<byte> Repeated(ReadOnlySpan<byte> sixteen)
    {
        var quarter = Vector128.Create(sixteen);
        var half = Vector256.Create(quarter, quarter);

        return Vector512.Create(half, half);
    }
}

/// <summary>A set of bytes, told by their halves: a bit for each low and each high one.</summary>
internal readonly record struct NibbleSet(ushort Low, ushort High)
{
    public static NibbleSet operator |(NibbleSet left, NibbleSet right) =>
        new((ushort)(left.Low | right.Low), (ushort)(left.High | right.High));

    public bool Has(byte letter) => ((Low >> (letter & 0x0F)) & (High >> (letter >> 4)) & 1) != 0;

    public NibbleSet With(byte letter) =>
        new((ushort)(Low | (1 << (letter & 0x0F))), (ushort)(High | (1 << (letter >> 4))));
}
