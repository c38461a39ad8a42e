namespace Reeve.Authority.Policy;

/// <summary>Brings a path into the one form rules are matched against, by its text alone.</summary>
/// <remarks>
/// Links are not looked at: that is the work of the grant that opens the path. A path that leads outside by its
/// text has no form at all.
/// </remarks>
internal static class WorkspacePath
{
    public const int PathCharsMax = 4_096;

    /// <summary>The path without <c>.</c>, <c>..</c> and doubled slashes; null where it leads outside.</summary>
    public static string? Normalise(string path)
    {
        if (path.Length is 0 or > PathCharsMax || path[0] == '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        return IsNormal(path) ? path : Resolve(path);
    }

    private static bool IsNormal(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            if (path[range] is "" or "." or "..")
            {
                return path is ".";
            }
        }

        return true;
    }

    private static string? Resolve(string path)
    {
        var parts = new List<string>();

        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }
}
