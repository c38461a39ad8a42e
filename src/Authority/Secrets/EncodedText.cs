using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Reeve.Authority.Secrets;

/// <summary>Looks into long runs of base64 (RFC 4648, both alphabets) whose content is text.</summary>
internal static class EncodedText
{
    private const int RunBytesMin = 24;
    private const int PieceBytesMax = 16 * 1024;
    private const int PieceStep = 12 * 1024;
    private const int ProbeBytes = 12;
    private const int NoRun = int.MinValue;

    private static readonly NibbleTable s_letters = NibbleTable.OfAscii(Letters.AnyBase64.Contains);
    private static readonly byte[] s_values =
        [.. Enumerable.Range(0, 256).Select(letter => Value((byte)letter))];

    public static void Find(SecretScanner scanner, ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        var before = 0;

        for (var block = 0; block < text.Length;)
        {
            var letters = Members(text, block);
            var start = FirstRun(letters, before);

            if (start == NoRun)
            {
                before = BitOperations.LeadingZeroCount(~letters);
                block += TextBlock.Bytes;
                continue;
            }

            var from = block + start;
            var rest = text[(from + RunBytesMin)..];
            var end = rest.IndexOfAnyExcept(Letters.AnyBase64);
            var length = RunBytesMin + (end >= 0 ? end : rest.Length);
            FindInRun(scanner, text.Slice(from, length), from, found);
            block = from + length;
            before = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Members(ReadOnlySpan<byte> text, int at) =>
        ~Vector512.Equals(TextBlock.At(text, at).Look(s_letters), Vector512<byte>.Zero).ExtractMostSignificantBits();

    /// <summary>Where the first long run begins, in relation to the block; below zero for one that began
    /// before it.</summary>
    /// <param name="before">How many letters stand right before the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstRun(ulong letters, int before)
    {
        if (before + BitOperations.TrailingZeroCount(~letters) >= RunBytesMin)
        {
            return -before;
        }

        // A bit stays where so many letters begin: two, four, eight, and three times eight.
        var two = letters & (letters >> 1);
        var four = two & (two >> 2);
        var eight = four & (four >> 4);
        var long24 = eight & (eight >> 8) & (eight >> 16);

        return long24 == 0 ? NoRun : BitOperations.TrailingZeroCount(long24);
    }

    private static void FindInRun(
        SecretScanner scanner, ReadOnlySpan<byte> run, int offset, List<SecretFinding> found)
    {
        for (var from = 0; from < run.Length; from += PieceStep)
        {
            var piece = run.Slice(from, Math.Min(PieceBytesMax, run.Length - from));

            for (var shift = 0; shift < 4 && piece.Length - shift >= RunBytesMin - 4; shift++)
            {
                FindInPiece(scanner, piece[shift..], offset + from + shift, found);
            }

            if (from + PieceBytesMax >= run.Length)
            {
                break;
            }
        }
    }

    private static void FindInPiece(
        SecretScanner scanner, ReadOnlySpan<byte> piece, int offset, List<SecretFinding> found)
    {
        if (!BeginsAsText(piece))
        {
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(piece.Length);
        var decoded = rented.AsSpan(0, Decode(piece, rented));
        var nested = new List<SecretFinding>();
        scanner.FindDirect(decoded, nested);
        DiscordTokens.Find(decoded, nested);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);

        foreach (var finding in nested)
        {
            // Four letters stand for three bytes; a group that is touched is covered whole.
            var start = finding.Start / 3 * 4;
            var end = Math.Min(piece.Length, (finding.End + 2) / 3 * 4);
            found.Add(new SecretFinding(offset + start, end - start, finding.Kind));
        }
    }

    private static bool BeginsAsText(ReadOnlySpan<byte> piece)
    {
        Span<byte> three = stackalloc byte[3];

        for (var at = 0; at < ProbeBytes; at += 4)
        {
            Decode(piece.Slice(at, 4), three);

            if (!IsText(three[0]) || !IsText(three[1]) || !IsText(three[2]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(byte letter) =>
        letter is >= (byte)' ' and <= (byte)'~' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    // Whatever is left over after the last whole group of four is decoded as far as it goes.
    private static int Decode(ReadOnlySpan<byte> run, Span<byte> into)
    {
        var written = 0;
        var bits = 0u;
        var count = 0;

        foreach (var letter in run)
        {
            bits = (bits << 6) | s_values[letter];

            if (++count == 4)
            {
                into[written++] = (byte)(bits >> 16);
                into[written++] = (byte)(bits >> 8);
                into[written++] = (byte)bits;
                (bits, count) = (0, 0);
            }
        }

        if (count >= 2)
        {
            bits <<= 6 * (4 - count);
            into[written++] = (byte)(bits >> 16);
        }

        if (count == 3)
        {
            into[written++] = (byte)(bits >> 8);
        }

        return written;
    }

    private static byte Value(byte letter) => letter switch
    {
        >= (byte)'a' => (byte)(letter - 'a' + 26),
        (byte)'_' or (byte)'/' => 63,
        >= (byte)'A' => (byte)(letter - 'A'),
        >= (byte)'0' => (byte)(letter - '0' + 52),
        _ => 62,
    };
}
