using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The user's own tree, opened to compare it with the manifest and to apply to it.</summary>
internal sealed class UserTree : IDisposable
{
    private readonly SafeFileHandle _lock;

    public UserTree(string directory)
    {
        Root = Beneath.OpenRoot(directory);
        _lock = Beneath.Open(Root, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
    }

    public SafeFileHandle Root { get; }

    /// <summary>Keeps every other apply and undo away from this tree until disposed (flock(2)).</summary>
    public void Lock() => Problem.ThrowUnless(
        NativeNodes.Lock(_lock, NativeNodes.LockExclusiveNow) >= 0,
        "apply.busy",
        "Another apply is at work on this workspace; try again when it has ended.");

    /// <summary>What stands at a path; null where nothing does or a link is in the way.</summary>
    public FileStat? Stat(string path, out bool isBlocked)
    {
        using var parent = TryOpenParent(path, out var error);
        isBlocked = parent is null && error is not (Native.NoEntry or Native.NotDirectory);

        return parent is null ? null : TreeFiles.Stat(parent, NameOf(path));
    }

    /// <summary>True where the path is still as the view, or the last apply, left it.</summary>
    public bool IsUntouched(WorkspaceView view, string path)
    {
        var present = Stat(path, out var isBlocked);
        var hasDrifted = view.Manifest.Drifted.Contains(path) && !view.Rebase.Paths.ContainsKey(path);

        return !isBlocked && !hasDrifted && (ExpectedAt(view, path), present) switch
        {
            (null, null) => true,
            ({ } expected, { } now) => ManifestEntry.IsSame(expected, now),
            _ => false,
        };
    }

    public static FileStat? ExpectedAt(WorkspaceView view, string path)
    {
        if (view.Rebase.Paths.TryGetValue(path, out var rebased))
        {
            return rebased.Origin;
        }

        return view.Manifest.Entries.TryGetValue(path, out var entry) ? entry.Origin : null;
    }

    /// <summary>The state, content included; Absent where nothing stands there.</summary>
    public NodeState Read(string path, out FileStat stat)
    {
        stat = default;
        using var parent = TryOpenParent(path, out _);
        if (parent is null || TreeFiles.Stat(parent, NameOf(path)) is not { } present)
        {
            return NodeState.Absent;
        }

        stat = present;
        var mode = present.Kind == FileKind.Link ? 0 : present.Permissions;
        var content = present.Kind switch
        {
            FileKind.Regular => Digest(parent, NameOf(path)),
            FileKind.Link => TreeFiles.ReadLink(parent, NameOf(path)) ?? string.Empty,
            _ => string.Empty,
        };

        return new NodeState(NodeState.KindOf(present), mode, content);
    }

    public SafeFileHandle OpenFile(string path)
    {
        using var parent = TryOpenParent(path, out var error) ?? throw FileFailure.Of(error);

        return TreeFiles.TryOpen(parent, NameOf(path), Native.OpenRead) ?? throw FileFailure.Of(Native.Error);
    }

    /// <summary>The paths in a directory; empty where it is none.</summary>
    public IEnumerable<string> Children(string path)
    {
        using var parent = TryOpenParent(path, out _);
        using var directory = parent is null ? null : TreeFiles.TryOpen(parent, NameOf(path), Native.OpenDirectory);

        return directory is null ? [] : TreeFiles.Names(directory).Select(name => $"{path}/{name}").ToList();
    }

    public void Dispose()
    {
        // Said, not left to the close: a child being forked at this moment holds the descriptor as well.
        _ = NativeNodes.Lock(_lock, NativeNodes.Unlock);
        _lock.Dispose();
        Root.Dispose();
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Digest(SafeFileHandle parent, string name)
    {
        using var file = TreeFiles.TryOpen(parent, name, Native.OpenRead);

        return file is null ? NodeState.Lost : ObjectStore.DigestOf(file);
    }

    private SafeFileHandle? TryOpenParent(string path, out int error)
    {
        var slash = path.LastIndexOf('/');
        var (parent, failure) = Beneath.TryOpen(
            Root,
            slash < 0 ? "." : path[..slash],
            Native.OpenRead | Native.OpenDirectory,
            followLinks: false);
        error = failure;

        return parent;
    }
}
