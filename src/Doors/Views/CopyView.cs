using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>A view that is a copy of the user's tree, sharing blocks with it where the file system can.</summary>
internal sealed class CopyView : WorkspaceView
{
    private readonly Lazy<TreeMount?> _mount;
    private readonly ViewLimits _limits;
    private SafeFileHandle? _tree;

    private CopyView(ViewDirectory directory, Manifest manifest, ViewLimits limits, TimeProvider time)
        : base(directory, manifest, manifest.HasTree, time)
    {
        _limits = limits;
        _mount = new Lazy<TreeMount?>(MountIfHidden);
        _tree = manifest.HasTree ? directory.Sub(ViewDirectory.TreeName) : null;
    }

    private protected override ViewMount MountOfTree =>
        _mount.Value?.Place ?? new ViewMount(Path.Join(Store.FullPath, ViewDirectory.TreeName), [], Manifest.User);

    private protected override SafeFileHandle Tree => _tree!;

    /// <summary>Writes down the workspace as it is; the tree is made by the first change.</summary>
    public static CopyView Create(
        ViewDirectory directory,
        ViewKind kind,
        string workspace,
        uint? user,
        WorkspaceScan scan,
        ViewLimits limits,
        TimeProvider time)
    {
        scan.ThrowIfTooLarge(limits);
        var manifest = new Manifest(kind, workspace, user, scan.Entries);
        manifest.WriteFirst(directory.Handle);
        var view = new CopyView(directory, manifest, limits, time);
        view.BeginToKeep();

        return view;
    }

    public static CopyView Reopen(ViewDirectory directory, Manifest manifest, ViewLimits limits, TimeProvider time) =>
        new(directory, manifest, limits, time);

    private protected override void Make()
    {
        TreeFiles.DeleteAll(Store.Handle, ViewDirectory.TreeName);
        var tree = Store.MakeSub(ViewDirectory.TreeName, 0x1C0, Owner);
        try
        {
            using var pack = MakePack(Store);
            var copy = new TreeCopy(Workspace, tree, pack, Owner, _limits);
            var entries = copy.Run(canClone: Manifest.Kind == ViewKind.Reflink);
            TreeFiles.Sync(pack);

            var kind = copy.IsReflinked == true ? ViewKind.Reflink : ViewKind.Copy;
            var manifest = new Manifest(kind, Manifest.Workspace, Manifest.User, entries)
            {
                HasTree = true,
                Drifted = Drift.Between(Manifest.Entries, entries),
            };
            manifest.Write(Store.Handle);
            (Manifest, _tree) = (manifest, tree);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    internal override SortedDictionary<string, NodeState> FindChanges()
    {
        var changes = TreeState.NewChanges();
        var entries = Manifest.Entries;
        var seen = new HashSet<string>(entries.Count, StringComparer.Ordinal);

        TreeScan.Walk(Tree, ViewLimits.Default, CanPermit, (directory, name, path, stat) =>
        {
            seen.Add(path);
            if (entries.TryGetValue(path, out var entry) && stat == entry.Copied && !entry.IsHidden)
            {
                return;
            }

            var state = StateOf(directory, name, stat);
            if (state.Content == NodeState.Lost && TreeFiles.Stat(directory, name) is null)
            {
                seen.Remove(path);
            }
            else if (state != OriginalBase(path))
            {
                changes.Add(path, state);
            }
        });

        foreach (var entry in entries.Values)
        {
            if (!entry.IsHidden && !seen.Contains(entry.Path))
            {
                changes.Add(entry.Path, NodeState.Absent);
            }
        }

        return changes;
    }

    private protected override ContentSource? TryOpenBase(ManifestEntry entry)
    {
        if (entry.BaseOffset < 0)
        {
            return null;
        }

        // Each source is disposed by its user, so it has a descriptor of its own.
        var pack = TreeFiles.TryOpen(Store.Handle, ViewDirectory.PackName, Native.OpenRead);

        return pack is null ? null : new ContentSource(pack, entry.BaseOffset, entry.Origin.Size);
    }

    private protected override void Dispose(bool isDisposing)
    {
        if (_mount is { IsValueCreated: true, Value: { } mount })
        {
            mount.Dispose();
        }

        _tree?.Dispose();
        Store.Dispose();
    }

    // A run's uid cannot even pass through a directory above the tree that only root may enter.
    private TreeMount? MountIfHidden()
    {
        if (Manifest.User is not { } user)
        {
            return null;
        }

        for (var path = Store.FullPath; path is not null; path = Path.GetDirectoryName(path))
        {
            using var directory = Beneath.OpenRoot(path);
            if ((TreeFiles.Stat(directory).Permissions & 1) == 0)
            {
                return RootMounts.Bind(Path.Join(Store.FullPath, ViewDirectory.TreeName), user);
            }
        }

        return null;
    }

    private static SafeFileHandle MakePack(ViewDirectory directory)
    {
        var flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenTruncate | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(
            directory.Handle, NameCodec.Terminated(ViewDirectory.PackName), flags | Native.OpenNoFollow, 0x180);

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }
}
