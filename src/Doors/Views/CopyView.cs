using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>A view that is a copy of the user's tree, sharing blocks with it where the file system can.</summary>
internal sealed class CopyView : WorkspaceView
{
    private readonly SafeFileHandle _root;
    private readonly Lazy<TreeMount?> _mount;

    private CopyView(ViewDirectory directory, Manifest manifest, TimeProvider time)
        : base(directory, manifest, time)
    {
        _root = directory.Sub(ViewDirectory.TreeName);
        _mount = new Lazy<TreeMount?>(MountIfHidden);
    }

    public override ViewMount Mount =>
        _mount.Value?.Place ?? new ViewMount(Path.Join(Store.FullPath, ViewDirectory.TreeName), [], Manifest.User);

    internal override SafeFileHandle Root => _root;

    public static CopyView Create(
        ViewDirectory directory,
        string workspace,
        uint? user,
        ViewPreference preference,
        ViewLimits limits,
        TimeProvider time)
    {
        (uint, uint)? owner = user is { } given ? (given, given) : null;
        using var source = Beneath.OpenRoot(workspace);
        TreeFiles.DeleteAll(directory.Handle, ViewDirectory.TreeName);
        using var tree = directory.MakeSub(ViewDirectory.TreeName, 0x1C0, owner);
        using var pack = MakePack(directory);

        var copy = new TreeCopy(source, tree, pack, owner, limits);
        var entries = copy.Run(canClone: preference != ViewPreference.Copy);
        var isReflinked = copy.IsReflinked == true;
        Problem.ThrowUnless(
            isReflinked || preference != ViewPreference.Reflink,
            "view.no_reflink",
            "This file system has no reflinks; choose a copy.");

        TreeFiles.Sync(pack);
        var kind = isReflinked ? ViewKind.Reflink : ViewKind.Copy;
        var manifest = new Manifest(kind, workspace, user, entries);
        manifest.Write(directory.Handle);

        return new CopyView(directory, manifest, time);
    }

    public static CopyView Reopen(ViewDirectory directory, Manifest manifest, TimeProvider time) =>
        new(directory, manifest, time);

    internal override SortedDictionary<string, NodeState> FindChanges()
    {
        var changes = TreeState.NewChanges();
        var entries = Manifest.Entries;
        var seen = new HashSet<string>(entries.Count, StringComparer.Ordinal);

        TreeScan.Walk(Root, ViewLimits.Default, CanPermit, (directory, name, path, stat) =>
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

        _root.Dispose();
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
