namespace Reeve.Tools.Git;

/// <summary>The letters of git's machine formats as words (git-diff(1), git-status(1)).</summary>
internal static class GitWords
{
    /// <summary>Null for an unchanged file.</summary>
    public static string? OfStatus(char letter) => letter switch
    {
        '.' or ' ' => null,
        'M' => "modified",
        'A' => "added",
        'D' => "deleted",
        'T' => "type_changed",
        'R' => "renamed",
        'C' => "copied",
        'U' => "unmerged",
        _ => "unknown",
    };
}
