using System.Buffers;
using Reeve.Authority.Secrets;

namespace Reeve.Tests.Unit.Authority.Secrets.Plain;

/// <summary>The same as EncodedText, one window after the other.</summary>
internal static class PlainEncodedText
{
    private const int RunBytesMin = 24;
    private const int PieceBytesMax = 16 * 1024;
    private const int PieceStep = 12 * 1024;
    private const int ProbeBytes = 12;

    public static void Find(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        var at = 0;

        while (at + RunBytesMin <= text.Length)
        {
            // The last foreign letter of a window ends every run that began in it before.
            var foreign = text.Slice(at, RunBytesMin).LastIndexOfAnyExcept(Letters.AnyBase64);

            if (foreign >= 0)
            {
                at += foreign + 1;
                continue;
            }

            var rest = text[(at + RunBytesMin)..];
            var end = rest.IndexOfAnyExcept(Letters.AnyBase64);
            var length = RunBytesMin + (end >= 0 ? end : rest.Length);
            FindInRun(text.Slice(at, length), at, found);
            at += length;
        }
    }

    private static void FindInRun(
        ReadOnlySpan<byte> run, int offset, List<SecretFinding> found)
    {
        for (var from = 0; from < run.Length; from += PieceStep)
        {
            var piece = run.Slice(from, Math.Min(PieceBytesMax, run.Length - from));

            for (var shift = 0; shift < 4 && piece.Length - shift >= RunBytesMin - 4; shift++)
            {
                FindInPiece(piece[shift..], offset + from + shift, found);
            }

            if (from + PieceBytesMax >= run.Length)
            {
                break;
            }
        }
    }

    private static void FindInPiece(
        ReadOnlySpan<byte> piece, int offset, List<SecretFinding> found)
    {
        Span<byte> probe = stackalloc byte[ProbeBytes];

        if (Decode(piece[..ProbeBytes], probe) is var probed && !IsText(probe[..probed]))
        {
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(piece.Length);
        var decoded = rented.AsSpan(0, Decode(piece, rented));
        var nested = new List<SecretFinding>();
        PlainScanner.FindDirect(decoded, nested);
        PlainDiscordTokens.Find(decoded, nested);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);

        foreach (var finding in nested)
        {
            // Four letters stand for three bytes; a group that is touched is covered whole.
            var start = finding.Start / 3 * 4;
            var end = Math.Min(piece.Length, (finding.End + 2) / 3 * 4);
            found.Add(new SecretFinding(offset + start, end - start, finding.Kind));
        }
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            if (letter is not (>= (byte)' ' and <= (byte)'~' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return false;
            }
        }

        return true;
    }

    // Whatever is left over after the last whole group of four is decoded as far as it goes.
    private static int Decode(ReadOnlySpan<byte> run, Span<byte> into)
    {
        var written = 0;
        var bits = 0u;
        var count = 0;

        foreach (var letter in run)
        {
            bits = (bits << 6) | Value(letter);

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

    private static uint Value(byte letter) => letter switch
    {
        >= (byte)'a' => (uint)(letter - 'a' + 26),
        (byte)'_' or (byte)'/' => 63,
        >= (byte)'A' => (uint)(letter - 'A'),
        >= (byte)'0' => (uint)(letter - '0' + 52),
        _ => 62,
    };
}
