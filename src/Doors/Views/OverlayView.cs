using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>A view that is an overlay over the user's tree: what is changed lies in a directory of its own.</summary>
/// <remarks>
/// The upper directory is on disk and is read without a mount: whiteouts and opaque directories as the kernel's
/// overlayfs documentation describes them. It is mounted when somebody first works in it, and anew after a
/// crash. What the user edits meanwhile shows through where the view has not changed it.
/// </remarks>
internal sealed class OverlayView : WorkspaceView
{
    private const string UpperName = "upper", WorkName = "work", LowerName = "lower", MergedName = "merged";

    private static readonly byte[][] s_opaqueNames =
        [NameCodec.Terminated("user.overlay.opaque"), NameCodec.Terminated("trusted.overlay.opaque")];

    private readonly SafeFileHandle _upper;
    private readonly SafeFileHandle _lower;
    private readonly Lazy<TreeMount> _mount;
    private readonly string[] _paths;

    private OverlayView(ViewDirectory directory, Manifest manifest, TimeProvider time)
        : base(directory, manifest, time)
    {
        _upper = directory.Sub(UpperName);
        _lower = Beneath.OpenRoot(manifest.Workspace);
        _mount = new Lazy<TreeMount>(MountNow);
        _paths = [.. manifest.Entries.Keys.Order(StringComparer.Ordinal)];
    }

    public override ViewMount Mount => _mount.Value.Place;

    internal override SafeFileHandle Root => _mount.Value.Root;

    public static OverlayView Create(
        ViewDirectory directory, string workspace, uint? user, ViewLimits limits, TimeProvider time)
    {
        Problem.ThrowUnless(
            user is not null || Native.EffectiveUser() != 0,
            "view.no_overlay",
            "As root an overlay needs a user of its own for the run.");
        (uint, uint)? owner = user is { } given ? (given, given) : null;
        directory.MakeSub(LowerName, 0x1C0, owner: null).Dispose();
        directory.MakeSub(MergedName, 0x1C0, owner: null).Dispose();
        directory.MakeSub(WorkName, 0x1C0, owner).Dispose();
        directory.MakeSub(UpperName, 0x1C0, owner).Dispose();

        var manifest = new Manifest(ViewKind.Overlay, workspace, user, Scan(workspace, limits));
        var view = new OverlayView(directory, manifest, time);
        try
        {
            // A system that cannot mount it says so now, while another kind can still be chosen.
            _ = view.Root;
            manifest.Write(directory.Handle);
        }
        catch
        {
            view.Close();
            throw;
        }

        return view;
    }

    public static OverlayView Reopen(ViewDirectory directory, Manifest manifest, TimeProvider time) =>
        new(directory, manifest, time);

    internal override SafeFileHandle OpenFile(string path) => OpenFileIn(_upper, path);

    internal override SafeFileHandle? TryOpenAny(string path)
    {
        if (_mount.IsValueCreated)
        {
            return base.TryOpenAny(path);
        }

        var flags = Native.OpenRead | Native.OpenNonBlock;
        var (changed, error) = Beneath.TryOpen(_upper, path, flags, followLinks: false);

        return error == Native.NoEntry ? Beneath.TryOpen(_lower, path, flags, followLinks: false).Handle : changed;
    }

    internal override SortedDictionary<string, NodeState> FindChanges()
    {
        var changes = TreeState.NewChanges();
        TreeScan.Walk(_upper, ViewLimits.Default, CanPermit, (directory, name, path, stat) =>
        {
            if (stat.IsWhiteout)
            {
                MarkAbsent(changes, path);
                MarkAbsentBelow(changes, path);
                return;
            }

            if (stat.Kind != FileKind.Directory || IsOpaque(directory, name))
            {
                MarkAbsentBelow(changes, path);
            }

            var state = StateOf(directory, name, stat);
            if (state == OriginalBase(path))
            {
                changes.Remove(path);
            }
            else
            {
                changes[path] = state;
            }
        });

        return changes;
    }

    private protected override ContentSource? TryOpenBase(ManifestEntry entry)
    {
        var file = Beneath.TryOpen(
            _lower, entry.Path, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;
        if (file is not null && TreeFiles.Stat(file) == entry.Origin)
        {
            return new ContentSource(file, 0, entry.Origin.Size);
        }

        file?.Dispose();

        return null;
    }

    private protected override void Dispose(bool isDisposing) => Close();

    private void Close()
    {
        if (_mount.IsValueCreated)
        {
            _mount.Value.Dispose();
        }

        _lower.Dispose();
        _upper.Dispose();
        Store.Dispose();
    }

    private static List<ManifestEntry> Scan(string workspace, ViewLimits limits)
    {
        using var source = Beneath.OpenRoot(workspace);
        var owner = TreeFiles.Stat(source).User;
        var entries = new List<ManifestEntry>();
        TreeScan.Walk(source, limits, canPermit: false, (directory, name, path, stat) =>
        {
            Problem.ThrowUnless(
                stat.User == owner,
                "view.no_overlay",
                "The files of this workspace belong to several users; choose a copy.");
            var target = stat.Kind == FileKind.Link ? TreeFiles.ReadLink(directory, name) : null;
            var isHidden = stat.Kind == FileKind.Other;
            entries.Add(new ManifestEntry(path, stat, target ?? string.Empty, isHidden, default, -1, string.Empty));
        });

        return entries;
    }

    private static bool IsOpaque(SafeFileHandle directory, string name)
    {
        using var inside = TreeFiles.TryOpen(directory, name, Native.OpenDirectory);
        var value = new byte[1];

        return inside is not null
            && Array.Exists(s_opaqueNames, attribute =>
                NativeMounts.GetAttribute(inside, attribute, value, 1) == 1 && value[0] == (byte)'y');
    }

    private TreeMount MountNow()
    {
        if (Manifest.User is not { } user)
        {
            return UserMounts.Overlay(Store.FullPath, WorkspaceDirectory);
        }

        var stat = TreeFiles.Stat(_lower);

        return RootMounts.Overlay(Store.FullPath, WorkspaceDirectory, (stat.User, stat.Group), user);
    }

    private void MarkAbsent(SortedDictionary<string, NodeState> changes, string path)
    {
        if (Manifest.Entries.TryGetValue(path, out var entry) && !entry.IsHidden)
        {
            changes[path] = NodeState.Absent;
        }
    }

    private void MarkAbsentBelow(SortedDictionary<string, NodeState> changes, string path)
    {
        var prefix = path + "/";
        var first = Array.BinarySearch(_paths, prefix, StringComparer.Ordinal);
        for (var index = first < 0 ? ~first : first; index < _paths.Length; index++)
        {
            if (!_paths[index].StartsWith(prefix, StringComparison.Ordinal))
            {
                return;
            }

            MarkAbsent(changes, _paths[index]);
        }
    }
}
