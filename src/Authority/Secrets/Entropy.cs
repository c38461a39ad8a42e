namespace Reeve.Authority.Secrets;

/// <summary>Tells chance from words: placeholders repeat themselves, secrets do not.</summary>
internal static class Entropy
{
    private const int CountedBytesMax = 512;

    // n log n of each count.
    private static readonly double[] s_countBits =
        [0, .. Enumerable.Range(1, CountedBytesMax).Select(count => count * Math.Log2(count))];

    /// <summary>False for <c>xxxxxxxx</c>, <c>00000000</c> and the like.</summary>
    public static bool HasVariety(ReadOnlySpan<byte> text) =>
        Distinct(text) >= Math.Min(6, 1 + (text.Length / 4));

    public static int Distinct(ReadOnlySpan<byte> text)
    {
        Span<bool> seen = stackalloc bool[256];
        var count = 0;

        foreach (var letter in text[..Math.Min(text.Length, CountedBytesMax)])
        {
            count += seen[letter] ? 0 : 1;
            seen[letter] = true;
        }

        return count;
    }

    /// <summary>Shannon's entropy, in bits for each letter.</summary>
    public static double BitsPerLetter(ReadOnlySpan<byte> text)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        var counted = text[..Math.Min(text.Length, CountedBytesMax)];
        var bits = 0.0;

        foreach (var letter in counted)
        {
            counts[letter]++;
        }

        foreach (var letter in counted)
        {
            bits += s_countBits[counts[letter]];
            counts[letter] = 0;
        }

        return Math.Log2(counted.Length) - (bits / counted.Length);
    }
}
