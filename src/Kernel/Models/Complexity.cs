using System.Collections.Frozen;

namespace Reeve.Kernel.Models;

/// <summary>How much a task seems to ask of a model, from 0 to 100, by what its words say and nothing else.</summary>
/// <remarks>
/// Deterministic and explained part by part, so that a person can tell why a model was chosen. It is a guess: what the
/// work shows later weighs more, see <see cref="RouterTerms.EscalateAfter"/>.
/// </remarks>
/// <param name="Size">One point for each 40 characters of the goal, at most <see cref="SizePointsMax"/>.</param>
/// <param name="Files">Eight points for each file or folder named, at most <see cref="FilePointsMax"/>.</param>
/// <param name="Words">Ten points for each different word of hard work, less ten for each of easy work.</param>
public sealed record Complexity(int Size, int Files, int Words)
{
    public const int SizePointsMax = 30;
    public const int FilePointsMax = 32;
    public const int WordPointsMax = 40;
    public const int TotalMax = 100;

    private const int CharactersPerPoint = 40, PointsPerFile = 8, PointsPerWord = 10;

    public static IReadOnlyList<string> HardWords { get; } =
    [
        "algorithm", "architecture", "concurrency", "concurrent", "deadlock", "debug", "design", "investigate",
        "integrate", "migrate", "migration", "optimise", "optimize", "parallel", "performance", "protocol", "race",
        "redesign", "refactor", "refactoring", "rewrite", "security", "throughout", "vulnerability",
    ];

    public static IReadOnlyList<string> EasyWords { get; } =
        ["comment", "format", "list", "print", "rename", "show", "spelling", "summarise", "summarize", "typo"];

    private static readonly FrozenSet<string> s_hard = HardWords.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        s_easy = EasyWords.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public int Total => Math.Clamp(Size + Files + Words, 0, TotalMax);

    public static Complexity Of(string goal)
    {
        var tokens = goal.Split([' ', '\t', '\r', '\n', ',', ';', '(', ')', '"', '\'', '`'],
            StringSplitOptions.RemoveEmptyEntries);
        var words = tokens.Select(token => token.Trim('.', ':', '!', '?')).Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var signed = words.Count(s_hard.Contains) - words.Count(s_easy.Contains);

        return new Complexity(
            Math.Min(goal.Length / CharactersPerPoint, SizePointsMax),
            Math.Min(words.Count(IsPath) * PointsPerFile, FilePointsMax),
            Math.Clamp(signed * PointsPerWord, -WordPointsMax, WordPointsMax));
    }

    /// <summary>The rung of a ladder of models, each of which takes an equal part of the scale.</summary>
    public int RungOf(int models) => Math.Min(models - 1, Total * models / TotalMax);

    private static bool IsPath(string word)
    {
        var dot = word.LastIndexOf('.');
        var hasEnding = dot > 0 && dot < word.Length - 1 && char.IsLetter(word[dot + 1])
            && word.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', 'z') < 0;

        return hasEnding || (word.Contains('/', StringComparison.Ordinal) && word.Any(char.IsLetter)
            && !word.Contains("://", StringComparison.Ordinal));
    }
}
