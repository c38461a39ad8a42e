namespace Reeve.Doors.Repositories;

/// <summary>The name of an object: 40 or 64 hexadecimal digits, and never anything else.</summary>
internal static class GitId
{
    public const int ShortLength = 40, LongLength = 64;

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is ShortLength or LongLength && !text.ContainsAnyExcept("0123456789abcdef");

    /// <summary>Where its loose file lies below the repository.</summary>
    public static string LoosePath(string id) => $".git/objects/{id[..2]}/{id[2..]}";

    /// <summary>The object that a path below any <c>objects</c> folder holds; null where it is none.</summary>
    public static string? OfLoosePath(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 3 || parts[^3] != "objects" || parts[^2].Length != 2)
        {
            return null;
        }

        var id = parts[^2] + parts[^1];

        return IsValid(id) ? id : null;
    }
}
