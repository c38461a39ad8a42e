namespace Reeve.Doors.Repositories;

/// <summary>Refuses the names in a tree that a checkout could be turned against its user with.</summary>
/// <remarks>As git's own fsck does: also what other file systems take for <c>.git</c> (letters of either case,
/// characters that HFS+ ignores, the short names and streams of NTFS).</remarks>
internal static class TreeNames
{
    private const string Ignored = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        + "\u206a\u206b\u206c\u206d\u206e\u206f\ufeff";

    public static bool IsSafe(string name, bool isLink)
    {
        if (name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal))
        {
            return false;
        }

        var plain = string.Concat(name.Where(letter => !Ignored.Contains(letter, StringComparison.Ordinal)));
        plain = plain.Split(':', '\\')[0].TrimEnd(' ', '.').ToLowerInvariant();
        var isBackslashed = name.Contains('\\', StringComparison.Ordinal)
            && name.Contains(".git", StringComparison.OrdinalIgnoreCase);

        return plain is not (".git" or "git~1") && !isBackslashed && !(isLink && plain is ".gitmodules" or "gitmod~1");
    }
}
