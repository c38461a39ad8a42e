namespace Reeve.Hosting.Configuration;

/// <summary>Finds what somebody meant by a word that does not exist.</summary>
public static class Suggestion
{
    /// <summary>Longer words are compared by their beginning.</summary>
    public const int WordLengthMax = 64;

    /// <summary>The nearest candidate by edit distance, case aside; null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        var given = Fold(word);
        var nearest = candidates
            .Select(candidate => (Candidate: candidate, Distance: Distance(given, Fold(candidate))))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();

        return nearest.Candidate is not null && nearest.Distance <= Math.Max(1, given.Length / 3)
            ? nearest.Candidate
            : null;
    }

    /// <summary>Edits that turn one word into the other; a swap of neighbours is one edit.</summary>
    public static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];

        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                table[row, column] = row == 0 || column == 0
                    ? row + column
                    : Cheapest(table, left, right, row, column);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Cheapest(int[,] table, string left, string right, int row, int column)
    {
        var isSame = left[row - 1] == right[column - 1];
        var best = Math.Min(table[row - 1, column], table[row, column - 1]) + 1;
        best = Math.Min(best, table[row - 1, column - 1] + (isSame ? 0 : 1));
        var isSwap = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];

        return isSwap ? Math.Min(best, table[row - 2, column - 2] + 1) : best;
    }

    private static string Fold(string word) =>
        (word.Length > WordLengthMax ? word[..WordLengthMax] : word).ToLowerInvariant();
}
