namespace Reeve.Authority.Policy;

/// <summary>Writes words as a line that a shell splits into the same words again.</summary>
public static class ShellQuote
{
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word, int index)
    {
        // An equals sign in the first word would make it an assignment.
        var isPlain = word.Length > 0
            && (index > 0 || !word.Contains('=', StringComparison.Ordinal))
            && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:=,+@%".Contains(letter));

        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
