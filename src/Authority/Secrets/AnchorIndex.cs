using System.Runtime.CompilerServices;

namespace Reeve.Authority.Secrets;

/// <summary>Finds the places where some rule's anchor stands, in one pass and without trying each rule.</summary>
/// <remarks>
/// First 64 places at once (<see cref="AnchorFilter"/>); where an anchor may stand, three of its bytes, letters
/// folded, are looked up in a bitmap that fits the first cache; only where its bit is set are the anchors of that hash
/// compared. The work for each byte is bounded.
/// </remarks>
internal sealed class AnchorIndex
{
    public const int AnchorBytesMin = AnchorFilter.Window;

    private const int HashBits = 16;
    private const int SlotBits = 12;

    private readonly AnchorFilter _filter;
    private readonly ulong[] _bits = new ulong[(1 << HashBits) / 64];
    private readonly Anchor[] _anchors;
    private readonly int[] _slots = new int[(1 << SlotBits) + 1];

    public AnchorIndex(IEnumerable<SecretRule> rules)
    {
        Anchor[] anchors = [.. rules.SelectMany(rule => rule.Anchors.Select(text => new Anchor(rule, text)))];
        _filter = new AnchorFilter(anchors);
        _anchors = [.. anchors.OrderBy(HashOf)];

        foreach (var anchor in _anchors)
        {
            var hash = HashOf(anchor);
            _bits[hash / 64] |= 1UL << (int)(hash % 64);
            _slots[(hash >> (HashBits - SlotBits)) + 1]++;
        }

        for (var slot = 0; slot < 1 << SlotBits; slot++)
        {
            _slots[slot + 1] += _slots[slot];
        }
    }

    /// <summary>Asks the rule of each anchor that stands somewhere.</summary>
    public void Match(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        var last = text.Length - AnchorBytesMin;

        for (var block = 0; block <= last; block += TextBlock.Bytes)
        {
            for (var places = _filter.Places(text, block); places != 0;)
            {
                var at = block + TextBlock.TakeFirst(ref places);

                if (at <= last && IsKnown(Hash(text[at], text[at + 1], text[at + 2]), out var slot))
                {
                    MatchAt(text, at, slot, found);
                }
            }
        }
    }

    private void MatchAt(ReadOnlySpan<byte> text, int window, uint slot, List<SecretFinding> found)
    {
        foreach (var anchor in _anchors.AsSpan(_slots[slot], _slots[slot + 1] - _slots[slot]))
        {
            var at = window - anchor.Offset;

            if (at >= 0 && anchor.StandsAt(text[at..]) && anchor.Rule.Match(text, at, anchor.Length) is { } finding)
            {
                found.Add(finding);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKnown(uint hash, out uint slot)
    {
        slot = hash >> (HashBits - SlotBits);

        return (_bits[hash / 64] & (1UL << (int)(hash % 64))) != 0;
    }

    private static uint HashOf(Anchor anchor) =>
        Hash(anchor.Bytes[anchor.Offset], anchor.Bytes[anchor.Offset + 1], anchor.Bytes[anchor.Offset + 2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(byte first, byte second, byte third) =>
        (((uint)(first | (second << 8) | (third << 16)) | 0x202020) * 0x9E3779B1) >> (32 - HashBits);
}
