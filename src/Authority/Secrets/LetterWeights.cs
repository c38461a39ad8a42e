namespace Reeve.Authority.Secrets;

/// <summary>How common sets of bytes are in logs and source; only the speed of a search depends on it.</summary>
internal sealed class LetterWeights
{
    private const double Unnamed = 0.0001;

    // For each row: letters, and the share of a text that one of them has.
    private static readonly (string Letters, double Share)[] s_rows =
    [
        (" ", 0.12), ("aeinorst", 0.05), ("bcdfghlmpuy", 0.025), ("kvwxjqz", 0.006), ("0123456789", 0.012),
        ("\n./\"-_:=,()", 0.012), ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.004), (";'<>{}[]#*+&|!?@$%^~\\`", 0.003),
    ];

    private readonly double[] _shares = new double[256];
    private readonly Dictionary<NibbleSet, double> _known = [];

    public LetterWeights()
    {
        Array.Fill(_shares, Unnamed);

        foreach (var (letters, share) in s_rows)
        {
            foreach (var letter in letters)
            {
                _shares[letter] = share;
            }
        }
    }

    public double Of(NibbleSet set)
    {
        if (!_known.TryGetValue(set, out var weight))
        {
            weight = Enumerable.Range(0, 256).Where(letter => set.Has((byte)letter)).Sum(letter => _shares[letter]);
            _known.Add(set, weight);
        }

        return weight;
    }
}
