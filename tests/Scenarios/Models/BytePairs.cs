using System.Text;
using System.Text.RegularExpressions;

namespace Reeve.Tests.Scenarios.Models;

/// <summary>A byte-pair encoder, trained here: the way most tokenizers of providers are made, on far less
/// text.</summary>
/// <remarks>
/// Its vocabulary is small, so that it cuts finer than any provider's. Text is first cut into words with the space
/// before them, digits, signs and white space; pairs are joined within these only.
/// </remarks>
internal sealed class BytePairs
{
    private readonly Regex _pieces;
    private readonly Dictionary<(string, string), int> _ranks = [];

    private BytePairs(string digits) => _pieces = new Regex(
        $@" ?\p{{L}}+|{digits}| ?[^\s\p{{L}}\p{{N}}]+|\s+", RegexOptions.NonBacktracking);

    /// <param name="digits">As a pattern: how many digits stand together at most.</param>
    public static BytePairs Train(string corpus, int merges, string digits)
    {
        var trained = new BytePairs(digits);
        var words = trained._pieces.Matches(corpus).GroupBy(match => match.Value, StringComparer.Ordinal)
            .Select(group => (Parts: BytesOf(group.Key), Count: group.Count())).ToList();

        for (var rank = 0; rank < merges; rank++)
        {
            var counts = new Dictionary<(string, string), int>();

            foreach (var (parts, count) in words)
            {
                for (var at = 1; at < parts.Count; at++)
                {
                    var pair = (parts[at - 1], parts[at]);
                    counts[pair] = counts.GetValueOrDefault(pair) + count;
                }
            }

            if (counts.Count == 0)
            {
                break;
            }

            var best = counts.OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key.Item1 + entry.Key.Item2, StringComparer.Ordinal).First().Key;
            trained._ranks[best] = rank;
            words.ForEach(word => Join(word.Parts, best));
        }

        return trained;
    }

    public int Count(string text) => _pieces.Matches(text).Sum(match => CountPiece(match.Value));

    private int CountPiece(string piece)
    {
        var parts = BytesOf(piece);

        while (true)
        {
            var best = Enumerable.Range(1, Math.Max(0, parts.Count - 1))
                .Select(at => (parts[at - 1], parts[at]))
                .Where(_ranks.ContainsKey)
                .OrderBy(pair => _ranks[pair]).FirstOrDefault();

            if (best == default)
            {
                return parts.Count;
            }

            Join(parts, best);
        }
    }

    // A byte is a letter of Latin 1 here, so that a token is a plain string.
    private static List<string> BytesOf(string piece) =>
        [.. Encoding.UTF8.GetBytes(piece).Select(value => ((char)value).ToString())];

    private static void Join(List<string> parts, (string Left, string Right) pair)
    {
        for (var at = 1; at < parts.Count; at++)
        {
            if (parts[at - 1] == pair.Left && parts[at] == pair.Right)
            {
                parts[at - 1] += parts[at];
                parts.RemoveAt(at);
            }
        }
    }
}
