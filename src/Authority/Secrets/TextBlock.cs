using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reeve.Authority.Secrets;

/// <summary>64 bytes of a text at once; each question is answered by a bit for each byte, the first one
/// lowest.</summary>
/// <remarks>Behind the end of the text stand zeros. Wider registers make it faster and change no answer.</remarks>
internal readonly struct TextBlock
{
    public const int Bytes = 64;

    private readonly Vector512<byte> _bytes;

    private TextBlock(Vector512<byte> bytes) => _bytes = bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextBlock At(ReadOnlySpan<byte> text, int at) => at + Bytes <= text.Length
        ? new TextBlock(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at))
        : AtEnd(text, at);

    /// <summary>A bit for each byte that is there at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Present(ReadOnlySpan<byte> text, int at) =>
        text.Length - at >= Bytes ? ulong.MaxValue : (1UL << Math.Max(0, text.Length - at)) - 1;

    /// <summary>Takes the lowest place out of a set of places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TakeFirst(ref ulong places)
    {
        var first = BitOperations.TrailingZeroCount(places);
        places &= places - 1;

        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Where(byte letter) =>
        Vector512.Equals(_bytes, Vector512.Create(letter)).ExtractMostSignificantBits();

    /// <summary>The bits that both halves of each byte have in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Look(in NibbleTable table) =>
        Pick(table.Low, _bytes & Vector512.Create((byte)0x0F)) & Pick(table.High, _bytes >>> 4);

    private static TextBlock AtEnd(ReadOnlySpan<byte> text, int at)
    {
        Span<byte> padded = stackalloc byte[Bytes];
        padded.Clear();
        text[Math.Min(at, text.Length)..].CopyTo(padded);

        return new TextBlock(Vector512.Create((ReadOnlySpan<byte>)padded));
    }

    // Sixteen entries, repeated in each quarter: that is the form in which every processor can look them up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Pick(Vector512<byte> table, Vector512<byte> index) => Avx512BW.IsSupported
        ? Avx512BW.Shuffle(table, index)
        : Vector512.Create(
            Pick(table.GetLower(), index.GetLower()), Pick(table.GetUpper(), index.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Pick(Vector256<byte> table, Vector256<byte> index) => Avx2.IsSupported
        ? Avx2.Shuffle(table, index)
        : Vector256.Create(
            Vector128.ShuffleNative(table.GetLower(), index.GetLower()),
            Vector128.ShuffleNative(table.GetUpper(), index.GetUpper()));
}
