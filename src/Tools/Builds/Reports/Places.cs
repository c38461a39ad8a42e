using System.Globalization;
using System.Text.RegularExpressions;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Finds the first place below the workspace that a stack or a message names.</summary>
internal static class Places
{
    private static readonly Regex[] s_patterns =
    [
        new(@" in (?<file>[^\r\n:]+):line (?<line>\d+)", RegexOptions.NonBacktracking),
        new(@"(?<file>/workspace/[^\s:()]+):(?<line>\d+)", RegexOptions.NonBacktracking),
        new(@"(?m)^(?<file>[^\s:()]+\.\w+):(?<line>\d+)", RegexOptions.NonBacktracking),
    ];

    public static (string File, int Line)? Find(string text)
    {
        foreach (var pattern in s_patterns)
        {
            var match = pattern.Match(text);

            if (match.Success && !match.Groups["file"].Value.Contains("node_modules", StringComparison.Ordinal)
                && int.TryParse(match.Groups["line"].Value, CultureInfo.InvariantCulture, out var line))
            {
                return (match.Groups["file"].Value, line);
            }
        }

        return null;
    }
}
