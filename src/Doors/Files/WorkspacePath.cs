using System.Buffers;
using System.Text;
using Reeve.Authority;

namespace Reeve.Doors.Files;

/// <summary>A path that can only mean something beneath a root: relative, without <c>..</c>, NUL or control
/// characters.</summary>
internal readonly record struct WorkspacePath
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    private WorkspacePath(string text) => Text = text;

    /// <summary>Normal form; <c>.</c> for the root.</summary>
    public string Text { get; }

    public bool IsRoot => Text == ".";

    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    public WorkspacePath Parent => new(Text.LastIndexOf('/') is var slash and > 0 ? Text[..slash] : ".");

    public string[] Parts => IsRoot ? [] : Text.Split('/');

    public static WorkspacePath Parse(string path)
    {
        Problem.ThrowUnless(!string.IsNullOrEmpty(path), "path.invalid", "Name a path in the workspace.");
        Problem.ThrowUnless(!path.Contains('\0', StringComparison.Ordinal), "path.invalid", "A path has no NUL in it.");
        Problem.ThrowUnless(
            path[0] != '/', "path.outside_workspace", "Name the path relative to the workspace.");

        if (IsPlain(path))
        {
            return new WorkspacePath(path);
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        Problem.ThrowUnless(
            !parts.Contains(".."), "path.outside_workspace", "A path in the workspace has no '..' in it.");
        Problem.ThrowUnless(
            !path.Any(char.IsControl), "path.invalid", "A path with control characters can only be listed.");
        Problem.ThrowUnless(parts.Count <= FileLimits.DepthMax, "path.invalid", "The path has too many parts.");

        var text = parts is [] ? "." : string.Join('/', parts);
        Problem.ThrowUnless(
            NameCodec.TryEncode(text) is { Length: <= FileLimits.PathBytesMax }
            && parts.TrueForAll(part => Encoding.UTF8.GetByteCount(part) <= FileLimits.NameBytesMax * 3),
            "path.invalid",
            "The path is too long or no text.");

        return new WorkspacePath(text);
    }

    // Short, and of ordinary letters in ordinary parts: the common path, which nothing below has to look at.
    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        if (path.Length > FileLimits.NameBytesMax || path.ContainsAnyExcept(s_plain))
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            if (path[range] is "" or "." or "..")
            {
                return false;
            }
        }

        return path.Count('/') < FileLimits.DepthMax;
    }

    /// <summary>Git's own folder decides what git runs on the host, so no file tool changes anything in it.</summary>
    public bool IsProtected => Parts.Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase));
}
