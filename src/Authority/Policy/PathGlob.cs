using System.Buffers;
using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>A pattern for paths relative to a workspace, with <c>/</c> between parts.</summary>
/// <remarks>
/// As in .gitignore: <c>*</c> and <c>?</c> stay inside one part, <c>**</c> crosses parts, <c>[a-z]</c> is a set,
/// and a pattern without a slash matches at any depth. <c>{a,b}</c> are alternatives. Matching backtracks to the
/// last star only, so its cost is bounded by the product of the two lengths; it allocates nothing.
/// </remarks>
public sealed class PathGlob
{
    public const int PatternCharsMax = 1_024;
    public const int AlternativesMax = 64;

    private static readonly SearchValues<char> s_special = SearchValues.Create("*?[\\");

    private readonly ImmutableArray<ImmutableArray<string>> _alternatives;

    private PathGlob(string pattern, ImmutableArray<ImmutableArray<string>> alternatives)
    {
        Pattern = pattern;
        _alternatives = alternatives;
    }

    public string Pattern { get; }

    /// <summary>Reads a pattern; throws <c>glob.invalid</c>.</summary>
    public static PathGlob Parse(string pattern)
    {
        Problem.ThrowUnless(
            pattern.Length is > 0 and <= PatternCharsMax,
            "glob.invalid",
            $"A path pattern has 1 to {PatternCharsMax} characters.");

        var expanded = new List<string>();
        Expand(pattern, expanded);

        return new PathGlob(pattern, [.. expanded.Select(Split)]);
    }

    public bool IsMatch(ReadOnlySpan<char> path)
    {
        foreach (var parts in _alternatives)
        {
            if (MatchParts(parts.AsSpan(), path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the path or a directory above it matches, as .gitignore covers what is inside.</summary>
    public bool Covers(ReadOnlySpan<char> path)
    {
        for (var rest = path; ; rest = rest[..rest.LastIndexOf('/')])
        {
            if (IsMatch(rest))
            {
                return true;
            }

            if (!rest.Contains('/'))
            {
                return false;
            }
        }
    }

    /// <summary>
    /// For each alternative what an index may look it up by: the fixed parts it starts with, or the one fixed name
    /// it looks for at any depth; both are empty where neither is fixed.
    /// </summary>
    internal IEnumerable<(string Start, string Name)> Keys()
    {
        foreach (var parts in _alternatives)
        {
            var isFixed = parts.TakeWhile(part => part.AsSpan().IndexOfAny(s_special) < 0);
            var name = parts is ["**", var only] && only.AsSpan().IndexOfAny(s_special) < 0 ? only : string.Empty;

            yield return (string.Join('/', isFixed), name);
        }
    }

    private static ImmutableArray<string> Split(string pattern)
    {
        var trimmed = pattern.TrimEnd('/');
        var relative = trimmed.StartsWith("./", StringComparison.Ordinal) ? trimmed[2..] : trimmed;
        var isAnchored = relative.Contains('/', StringComparison.Ordinal);
        var parts = relative.Split('/', StringSplitOptions.RemoveEmptyEntries);

        return isAnchored || parts is ["**"] ? [.. parts] : ["**", .. parts];
    }

    private static void Expand(string pattern, List<string> into)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : pattern.IndexOf('}', open);

        if (close < 0)
        {
            Problem.ThrowUnless(
                into.Count < AlternativesMax,
                "glob.invalid",
                $"A path pattern has at most {AlternativesMax} alternatives.");
            into.Add(pattern);
            return;
        }

        Problem.ThrowUnless(
            pattern.IndexOf('{', open + 1, close - open - 1) < 0, "glob.invalid", "Braces cannot be nested.");

        foreach (var alternative in pattern[(open + 1)..close].Split(','))
        {
            Expand(string.Concat(pattern.AsSpan(0, open), alternative, pattern.AsSpan(close + 1)), into);
        }
    }

    private static bool MatchParts(ReadOnlySpan<string> parts, ReadOnlySpan<char> path)
    {
        var part = 0;
        var at = 0;
        var starPart = -1;
        var starAt = 0;

        while (at <= path.Length)
        {
            var end = at + (path[at..].IndexOf('/') is var slash and >= 0 ? slash : path.Length - at);

            if (part < parts.Length && parts[part] == "**")
            {
                starPart = part++;
                starAt = at;
            }
            else if (part < parts.Length && MatchPart(parts[part], path[at..end]))
            {
                part++;
                at = end + 1;
            }
            else if (starPart >= 0)
            {
                // The last double star takes one part more.
                starAt += (path[starAt..].IndexOf('/') is var next and >= 0 ? next : path.Length - starAt) + 1;
                at = starAt;
                part = starPart + 1;
            }
            else
            {
                return false;
            }

            if (part == parts.Length && at < path.Length && starPart == part - 1)
            {
                return true;
            }
        }

        return part == parts.Length;
    }

    internal static bool MatchPart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var at = 0;
        var patternAt = 0;
        var star = -1;
        var starAt = 0;

        while (at < text.Length)
        {
            if (patternAt < pattern.Length && pattern[patternAt] == '*')
            {
                star = patternAt++;
                starAt = at;
            }
            else if (patternAt < pattern.Length && MatchOne(pattern[patternAt..], text[at], out var used))
            {
                patternAt += used;
                at++;
            }
            else if (star >= 0)
            {
                patternAt = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[patternAt..].Trim('*').IsEmpty;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, char letter, out int used)
    {
        used = 1;

        switch (pattern[0])
        {
            case '?':
                return true;
            case '\\' when pattern.Length > 1:
                used = 2;
                return pattern[1] == letter;
            case '[' when pattern[1..].IndexOf(']') is var close and > 0:
                used = close + 2;
                return IsInSet(pattern.Slice(1, close), letter);
            default:
                return pattern[0] == letter;
        }
    }

    private static bool IsInSet(ReadOnlySpan<char> set, char letter)
    {
        var isNegated = set[0] is '!' or '^';
        var isFound = false;

        for (var index = isNegated ? 1 : 0; index < set.Length; index++)
        {
            var isRange = index + 2 < set.Length && set[index + 1] == '-';
            isFound |= isRange ? letter >= set[index] && letter <= set[index + 2] : letter == set[index];
            index += isRange ? 2 : 0;
        }

        return isFound != isNegated;
    }
}
