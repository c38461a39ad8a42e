using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Reeve.Authority.Secrets;

/// <summary>Finds the places where some rule's anchor stands, in one pass and without trying each rule.</summary>
/// <remarks>
/// Three bytes, letters folded, are hashed into a bitmap that fits the first cache; only where its bit is set are
/// the anchors of that bucket compared. The work for each byte is constant.
/// </remarks>
internal sealed class AnchorIndex
{
    public const int AnchorBytesMin = 3;

    private const int Buckets = 1 << 16;

    private readonly ulong[] _bits = new ulong[Buckets / 64];
    private readonly Dictionary<int, Entry[]> _buckets = [];

    public AnchorIndex(IEnumerable<SecretRule> rules)
    {
        var entries = rules.SelectMany(rule => rule.Anchors.Select(anchor =>
            new Entry(rule, Encoding.UTF8.GetBytes(anchor))));

        foreach (var bucket in entries.GroupBy(entry => Hash(entry.Anchor)))
        {
            _bits[bucket.Key / 64] |= 1UL << (bucket.Key % 64);
            _buckets[bucket.Key] = [.. bucket];
        }
    }

    /// <summary>The next place at or after <paramref name="from"/> where an anchor may stand; the length at the
    /// end.</summary>
    public int Next(ReadOnlySpan<byte> text, int from)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        var last = text.Length - 4;

        for (; from <= last; from++)
        {
            var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, from));
            var hash = (((four & 0xFFFFFF) | 0x202020) * 0x9E3779B1) >> 16;

            if ((Unsafe.Add(ref bits, (int)(hash >> 6)) & (1UL << (int)(hash & 63))) != 0)
            {
                return from;
            }
        }

        // Three bytes at the very end have no fourth to be read with.
        return from == text.Length - 3 ? from : text.Length;
    }

    public ReadOnlySpan<Entry> At(ReadOnlySpan<byte> text, int at) =>
        _buckets.TryGetValue(Hash(text[at..]), out var entries) ? entries : [];

    private static int Hash(ReadOnlySpan<byte> text)
    {
        var three = (uint)(text[0] | (text[1] << 8) | (text[2] << 16)) | 0x202020;

        return (int)((three * 0x9E3779B1) >> 16);
    }

    internal sealed record Entry(SecretRule Rule, byte[] Anchor)
    {
        public bool StandsAt(ReadOnlySpan<byte> text, int at)
        {
            var there = text[at..];

            if (there.Length < Anchor.Length)
            {
                return false;
            }

            return Rule.IgnoresCase
                ? Ascii.EqualsIgnoreCase(there[..Anchor.Length], Anchor)
                : there.StartsWith(Anchor);
        }
    }
}
