using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Native = Reeve.Doors.Files.Native;

namespace Reeve.Doors.Views;

/// <summary>What commands must not see of a view: all that nobody in the run may read.</summary>
/// <remarks>
/// It is looked for anew before each command, in the tree as it is then, and covered in the sandbox's own mounts:
/// in the view nothing is missing, so nothing shows as deleted. A folder of which nothing may be read is covered as
/// one. Links are left alone, because what they lead to is covered where it lies.
/// </remarks>
public sealed class HiddenPaths
{
    private const string OtherName = ".elsewhere";

    private readonly Func<string, bool> _isReadable;
    private readonly List<SandboxMask> _masks = [];
    private int _count;

    private readonly bool _isFilesOnly;

    private HiddenPaths(Func<string, bool> isReadable, bool isFilesOnly)
    {
        _isReadable = isReadable;
        _isFilesOnly = isFilesOnly;
    }

    /// <param name="isReadable">Says of a path in the workspace that it may be read unasked.</param>
    /// <exception cref="ProblemException"><c>sandbox.too_many_hidden</c>: rather no command than one that
    /// sees.</exception>
    public static IReadOnlyList<SandboxMask> Find(WorkspaceView view, Func<string, bool> isReadable)
    {
        var hidden = new HiddenPaths(isReadable, isFilesOnly: false);
        hidden.Walk(view.Root);

        return Checked([.. hidden.Pins(), .. hidden._masks]);
    }

    /// <summary>As above, of a folder that cannot be changed: pipes, sockets and devices are hidden too, which can
    /// be written to all the same.</summary>
    internal static IReadOnlyList<SandboxMask> FindIn(SafeFileHandle folder, Func<string, bool> isReadable)
    {
        var hidden = new HiddenPaths(isReadable, isFilesOnly: true);
        hidden.Walk(folder);

        return Checked(hidden._masks);
    }

    private static IReadOnlyList<SandboxMask> Checked(IReadOnlyList<SandboxMask> found)
    {
        Problem.ThrowUnless(
            found.Count <= SandboxMask.CountMax, "sandbox.too_many_hidden",
            $"More than {SandboxMask.CountMax} paths would have to be hidden from the command; "
            + "deny whole folders instead of the files in them.");

        return found;
    }

    private void Walk(SafeFileHandle root)
    {
        using var top = Beneath.Open(root, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
        Walk(top, string.Empty, depth: 0);
    }

    /// <returns>Whether anything in the folder may be read.</returns>
    private bool Walk(SafeFileHandle directory, string prefix, int depth)
    {
        Problem.ThrowUnless(
            depth <= ViewLimits.DepthMax, "workspace.too_large", "The workspace has folders nested too deeply.");
        var isAnyReadable = false;

        foreach (var (name, kind) in TreeFiles.Entries(directory, ViewLimits.Default.EntriesMax))
        {
            Problem.ThrowUnless(
                ++_count <= ViewLimits.Default.EntriesMax, "workspace.too_large",
                $"The workspace has more than {ViewLimits.Default.EntriesMax} files; choose a smaller folder.");
            var path = prefix + name;
            isAnyReadable |= kind == FileKind.Directory
                ? Enter(directory, name, path, depth)
                : Look(path, kind);
        }

        return isAnyReadable;
    }

    private bool Enter(SafeFileHandle directory, string name, string path, int depth)
    {
        var before = _masks.Count;
        var isReadable = _isReadable(path);
        using var inside = TreeFiles.TryOpen(directory, name, Native.OpenDirectory);

        // What its owner has closed he could open again in the sandbox, and then nobody would have looked.
        var isClosed = inside is null && Native.Error == Native.AccessDenied;
        var isAnyReadable = inside is not null && Walk(inside, path + "/", depth + 1);

        if (!isClosed && (isReadable || isAnyReadable))
        {
            return true;
        }

        _masks.RemoveRange(before, _masks.Count - before);
        _masks.Add(new SandboxMask(SandboxMaskKind.Directory, path));

        return false;
    }

    private bool Look(string path, FileKind kind)
    {
        var isReadable = _isReadable(path) && !(_isFilesOnly && kind == FileKind.Other);

        if (!isReadable && kind != FileKind.Link)
        {
            _masks.Add(new SandboxMask(SandboxMaskKind.File, path));
        }

        return isReadable;
    }

    // Where a rule goes by the path, a folder above it must keep its name: else what it covers would only have to
    // be moved in one command, and could be read in the next.
    private IEnumerable<SandboxMask> Pins()
    {
        var pins = new SortedSet<string>(StringComparer.Ordinal);

        foreach (var path in _masks.Select(mask => mask.Path))
        {
            for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (_isReadable(OtherName + path[slash..]))
                {
                    pins.Add(path[..slash]);
                }
            }
        }

        // A folder stands before what is in it.
        return pins.Select(path => new SandboxMask(SandboxMaskKind.Pinned, path));
    }
}
