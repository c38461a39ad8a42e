using System.Text.RegularExpressions;

namespace Reeve.Tools.Builds;

/// <summary>Knows by the words of a package manager that a package is in no cache.</summary>
/// <remarks>A manager may have changed files before it gave up, so the call has failed and was not refused.</remarks>
internal static class PackageCaches
{
    public const string NotCached = "not_cached";

    public const string Code = "packages.not_cached";

    public const string Sentence = "A package is in no cache that the sandbox is lent, and the sandbox has no network."
        + " A person can install it outside; then call this again.";

    // npm; NuGet; cargo; go.
    private static readonly Regex s_missing = new(
        @"\bENOTCACHED\b|\bNU1(?:101|102|103|301)\b|\(--offline\)|--offline was specified"
            + @"|\bdisabled by GOPROXY=off\b",
        RegexOptions.NonBacktracking);

    public static bool Miss(string output) => s_missing.IsMatch(output);
}
