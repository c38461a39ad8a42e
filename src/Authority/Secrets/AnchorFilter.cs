using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Reeve.Authority.Secrets;

/// <summary>Tells for 64 places at once where an anchor may stand. It may say so too often, and never too
/// seldom.</summary>
/// <remarks>
/// Of each anchor three bytes in a row are looked for, those that are seldom in text. The anchors are dealt into
/// groups; for each of the three bytes a group knows which low and which high halves its anchors have there, and a
/// place is left when some group knows all six halves that follow it.
/// </remarks>
internal sealed class AnchorFilter
{
    /// <summary>How many bytes of an anchor are looked at.</summary>
    public const int Window = 3;

    private const int GroupsOfHalf = 8;

    /// <summary>A known secret may be long; the beginning of it has three seldom bytes as well.</summary>
    private const int OffsetsMax = 8;

    private readonly Half _left;
    private readonly Half _right;

    public AnchorFilter(IReadOnlyList<Anchor> anchors)
    {
        var weights = new LetterWeights();
        var groups = new Group[2 * GroupsOfHalf];

        // The common ones first: where they are let through already, a seldom one adds little.
        var byWeight = anchors.OrderByDescending(anchor => Windows(anchor).Min(window => window.Weigh(weights)));

        foreach (var anchor in byWeight)
        {
            Deal(anchor, groups, weights);
        }

        _left = new Half(groups.AsSpan(0, GroupsOfHalf));
        _right = new Half(groups.AsSpan(GroupsOfHalf));
    }

    /// <summary>A bit for each place of a block where the window of an anchor may begin.</summary>
    public ulong Places(ReadOnlySpan<byte> text, int at) =>
        at + Window - 1 + TextBlock.Bytes <= text.Length ? PlacesIn(text, at) : PlacesAtEnd(text[at..]);

    private ulong PlacesAtEnd(ReadOnlySpan<byte> text)
    {
        Span<byte> padded = stackalloc byte[2 * TextBlock.Bytes];
        padded.Clear();
        text.CopyTo(padded);

        return PlacesIn(padded, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PlacesIn(ReadOnlySpan<byte> text, int at)
    {
        var (first, second, third) = (TextBlock.At(text, at), TextBlock.At(text, at + 1), TextBlock.At(text, at + 2));
        var left = first.Look(_left.First) & second.Look(_left.Second) & third.Look(_left.Third);
        var right = first.Look(_right.First) & second.Look(_right.Second) & third.Look(_right.Third);

        return ~Vector512.Equals(left | right, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    // Into the group that then lets the least more through.
    private static void Deal(Anchor anchor, Group[] groups, LetterWeights weights)
    {
        var (best, place, offset) = (double.MaxValue, 0, 0);
        var at = 0;

        foreach (var window in Windows(anchor))
        {
            for (var group = 0; group < groups.Length; group++)
            {
                var more = (groups[group] | window).Weigh(weights) - groups[group].Weigh(weights);
                (best, place, offset) = more < best ? (more, group, at) : (best, place, offset);
            }

            at++;
        }

        groups[place] |= Windows(anchor).ElementAt(offset);
        anchor.Offset = offset;
    }

    private static IEnumerable<Group> Windows(Anchor anchor) => Enumerable
        .Range(0, Math.Min(OffsetsMax, anchor.Bytes.Length - Window + 1))
        .Select(offset => new Group(
            anchor.SetAt(offset), anchor.SetAt(offset + 1), anchor.SetAt(offset + 2)));

    /// <summary>What may stand at the three places.</summary>
    private readonly record struct Group(NibbleSet First, NibbleSet Second, NibbleSet Third)
    {
        public static Group operator |(Group left, Group right) =>
            new(left.First | right.First, left.Second | right.Second, left.Third | right.Third);

        /// <summary>How much of a text it lets through.</summary>
        public double Weigh(LetterWeights weights) =>
            weights.Of(First) * weights.Of(Second) * weights.Of(Third);
    }

    /// <summary>Eight groups as tables.</summary>
    private readonly struct Half(ReadOnlySpan<Group> groups)
    {
        public readonly NibbleTable First = NibbleTable.Of([.. groups.ToArray().Select(group => group.First)]);
        public readonly NibbleTable Second = NibbleTable.Of([.. groups.ToArray().Select(group => group.Second)]);
        public readonly NibbleTable Third = NibbleTable.Of([.. groups.ToArray().Select(group => group.Third)]);
    }
}
