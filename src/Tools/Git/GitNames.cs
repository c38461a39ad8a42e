using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Tools.Git;

/// <summary>Names for git that can only be names: never an option, a range, a path in a revision or a
/// pattern.</summary>
/// <remarks>A narrower set than gitrevisions(7) and git-check-ref-format(1) know; git itself judges the rest.</remarks>
internal static class GitNames
{
    public const int NameCharsMax = 200;
    public const int PathsMax = 500;

    public static string Revision(string text, string argument)
    {
        ThrowUnless(
            IsName(text, also: "~^@"),
            $"{argument} is a branch, tag or commit, as main, v1.0, HEAD~2 or 3f2a9c1, of at most {NameCharsMax}"
                + " characters.");

        return text;
    }

    public static string Reference(string text, string argument)
    {
        ThrowUnless(
            IsName(text, also: ""),
            $"{argument} has letters, digits and . _ - / + in it, begins with a letter or digit, and has at most"
                + $" {NameCharsMax} characters.");

        return text;
    }

    /// <summary>Refuses what leads outside or what a rule hides; a file that git has and the tree has not is
    /// fine.</summary>
    public static string PathIn(IWorkspaceFiles files, string path)
    {
        try
        {
            _ = files.Stat(path);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code == "file.not_found")
        {
            // It may have been deleted, and then history and difference still tell of it.
        }

        return path;
    }

    private static bool IsName(string text, string also)
    {
        var isFirst = text is [var first, ..] && (char.IsLetterOrDigit(first) || first is '_' || also.Contains(first));

        return isFirst
            && text.Length <= NameCharsMax
            && !text.Contains("..", StringComparison.Ordinal)
            && !text.EndsWith(".lock", StringComparison.Ordinal)
            && text.All(letter => char.IsLetterOrDigit(letter) || "._-/+".Contains(letter) || also.Contains(letter));
    }

    private static void ThrowUnless(bool isName, string message) =>
        Problem.ThrowUnless(isName, "argument.invalid", message);
}
