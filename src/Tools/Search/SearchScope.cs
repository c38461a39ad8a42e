namespace Reeve.Tools.Search;

/// <summary>Relates the paths of a walk to the directory the search was asked for.</summary>
internal static class SearchScope
{
    /// <summary>The path below the directory; the whole path where the directory was written another way.</summary>
    public static ReadOnlySpan<char> Relative(string path, string directory)
    {
        var start = directory.AsSpan().TrimEnd('/');
        start = start.StartsWith("./") ? start[2..] : start;
        var isBelow = path.AsSpan().StartsWith(start) && path.Length > start.Length && path[start.Length] == '/';

        return isBelow ? path.AsSpan(start.Length + 1) : path;
    }
}
