using System.Text.RegularExpressions;
using Reeve.Authority;

namespace Reeve.Tools.Search;

/// <summary>A pattern from a model or user. It runs in time linear in the text, or not at all.</summary>
internal static class SearchPattern
{
    public const int PatternCharsMax = 1_000;

    // Linear is not cheap when the pattern itself counts into the thousands.
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(2);

    public static Regex Parse(string pattern, bool isCaseSensitive)
    {
        Problem.ThrowUnless(
            pattern.Length is > 0 and <= PatternCharsMax,
            "argument.invalid",
            $"pattern has 1 to {PatternCharsMax} characters.");
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
            | (isCaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);

        try
        {
            return new Regex(pattern, options, s_timeMax);
        }
        catch (Exception refusal) when (refusal is ArgumentException or NotSupportedException)
        {
            throw new ProblemException(new Problem(
                "argument.invalid",
                "pattern is no regular expression this search can run; look-around, back-references and atomic "
                    + "groups are not supported. Escape special characters to search for them."));
        }
    }
}
