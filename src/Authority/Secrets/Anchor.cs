using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Reeve.Authority.Secrets;

/// <summary>One anchor of one rule; its first eight bytes are compared as one number.</summary>
internal sealed class Anchor
{
    private const int HeadBytes = 8;

    private readonly ulong _head;
    private readonly ulong _fold;
    private readonly ulong _compared;

    public Anchor(SecretRule rule, string text)
    {
        Rule = rule;
        Bytes = [.. Encoding.UTF8.GetBytes(text)];
        Span<byte> fold = stackalloc byte[HeadBytes];
        Span<byte> compared = stackalloc byte[HeadBytes];
        fold.Clear();
        compared.Clear();
        compared[..Math.Min(HeadBytes, Bytes.Length)].Fill(0xFF);

        for (var place = 0; place < Math.Min(HeadBytes, Bytes.Length); place++)
        {
            fold[place] = (byte)(rule.IgnoresCase && char.IsAsciiLetter((char)Bytes[place]) ? 0x20 : 0);
        }

        _fold = MemoryMarshal.Read<ulong>(fold);
        _compared = MemoryMarshal.Read<ulong>(compared);
        _head = HeadOf(Bytes.AsSpan()) | _fold;
    }

    public SecretRule Rule { get; }

    public ImmutableArray<byte> Bytes { get; }

    public int Length => Bytes.Length;

    /// <summary>Where in it the bytes stand by which it is looked for.</summary>
    public int Offset { get; set; }

    public NibbleSet SetAt(int place)
    {
        var set = default(NibbleSet).With(Bytes[place]);
        var hasTwoCases = Rule.IgnoresCase && char.IsAsciiLetter((char)Bytes[place]);

        return hasTwoCases ? set.With((byte)(Bytes[place] ^ 0x20)) : set;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool StandsAt(ReadOnlySpan<byte> there) =>
        ((HeadOf(there) | _fold) & _compared) == _head
        && there.Length >= Bytes.Length
        && (Bytes.Length <= HeadBytes || RestStands(there[HeadBytes..Bytes.Length]));

    // Zeros stand for bytes that are not there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HeadOf(ReadOnlySpan<byte> text) =>
        text.Length >= HeadBytes ? MemoryMarshal.Read<ulong>(text) : HeadAtEnd(text);

    private static ulong HeadAtEnd(ReadOnlySpan<byte> text)
    {
        Span<byte> padded = stackalloc byte[HeadBytes];
        padded.Clear();
        text.CopyTo(padded);

        return MemoryMarshal.Read<ulong>(padded);
    }

    private bool RestStands(ReadOnlySpan<byte> there)
    {
        var rest = Bytes.AsSpan()[HeadBytes..];

        return Rule.IgnoresCase ? Ascii.EqualsIgnoreCase(there, rest) : there.SequenceEqual(rest);
    }
}
