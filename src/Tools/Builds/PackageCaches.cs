using System.Text.RegularExpressions;
using Reeve.Authority;

namespace Reeve.Tools.Builds;

/// <summary>Knows by the words of a package manager that a package is in no cache.</summary>
internal static class PackageCaches
{
    public const string NotCached = "not_cached";

    public const string Sentence = "A package is in no cache that the sandbox is lent, and the sandbox has no network."
        + " A person can install it outside; then call this again.";

    // npm; NuGet; cargo; go.
    private static readonly Regex s_missing = new(
        @"\bENOTCACHED\b|\bNU1(?:101|102|103|301)\b|--offline\b|\bdisabled by GOPROXY=off\b",
        RegexOptions.NonBacktracking);

    public static bool Miss(string output) => s_missing.IsMatch(output);

    /// <summary>A refusal says that nothing was changed, so only where nothing was it is one.</summary>
    /// <exception cref="ProblemException"><c>packages.not_cached</c>.</exception>
    public static void ThrowUnlessChanged(bool changedFiles) =>
        Problem.ThrowUnless(changedFiles, "packages.not_cached", Sentence);
}
