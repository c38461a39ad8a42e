using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Walks a tree from an open directory, each directory by descriptor, no link ever followed.</summary>
/// <remarks>Works on a tree that changes meanwhile: what has gone since it was listed was never there.</remarks>
internal static class TreeScan
{
    /// <param name="visit">Given the open directory, the name, the path and the state.</param>
    /// <param name="canPermit">In a view: a directory its owner may not read is made readable for the moment.</param>
    public static void Walk(
        SafeFileHandle root, ViewLimits limits, bool canPermit, Action<SafeFileHandle, string, string, FileStat> visit)
    {
        var count = 0;
        using var top = Beneath.Open(root, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
        Walk(top, string.Empty, 0);

        void Walk(SafeFileHandle directory, string prefix, int depth)
        {
            Problem.ThrowUnless(
                depth <= ViewLimits.DepthMax, "workspace.too_large", "The workspace has folders nested too deeply.");

            foreach (var name in TreeFiles.Names(directory, limits.EntriesMax))
            {
                if (TreeFiles.Stat(directory, name) is not { } stat)
                {
                    continue;
                }

                Problem.ThrowUnless(
                    ++count <= limits.EntriesMax,
                    "workspace.too_large",
                    $"The workspace has more than {limits.EntriesMax} files; choose a smaller folder.");
                var path = prefix + name;
                visit(directory, name, path, stat);

                if (stat.Kind == FileKind.Directory)
                {
                    Enter(directory, name, path, stat, depth);
                }
            }
        }

        void Enter(SafeFileHandle directory, string name, string path, FileStat stat, int depth)
        {
            using var inside = TreeFiles.TryOpen(directory, name, Native.OpenDirectory);
            if (inside is not null)
            {
                Walk(inside, path + "/", depth + 1);
                return;
            }

            if (!canPermit || Native.Error != Native.AccessDenied)
            {
                return;
            }

            using var permitted = TreeFiles.OpenAfterPermitting(directory, name);
            Walk(permitted, path + "/", depth + 1);
            TreeFiles.ChangeMode(permitted, stat.Permissions);
        }
    }

    /// <summary>Opens a file of a view for reading, also where its owner has taken the right from himself.</summary>
    public static SafeFileHandle? TryOpenFile(SafeFileHandle directory, string name, bool canPermit)
    {
        var file = TreeFiles.TryOpen(directory, name, Native.OpenRead);
        if (file is not null || !canPermit || Native.Error != Native.AccessDenied)
        {
            return file;
        }

        using var path = TreeFiles.TryOpen(directory, name, Native.OpenPath);
        if (path is null || TreeFiles.Stat(path) is not { Kind: FileKind.Regular } stat)
        {
            return null;
        }

        TreeFiles.ChangeMode(path, stat.Permissions | 0x100);
        file = TreeFiles.TryOpen(directory, name, Native.OpenRead);
        TreeFiles.ChangeMode(path, stat.Permissions);

        return file;
    }
}
