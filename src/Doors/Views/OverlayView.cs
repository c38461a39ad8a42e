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
    private const string UpperName = ViewDirectory.UpperName, WorkName = "work";
    private const string LowerName = "lower", MergedName = "merged";

    private static readonly byte[][] s_opaqueNames =
        [NameCodec.Terminated("user.overlay.opaque"), NameCodec.Terminated("trusted.overlay.opaque")];

    private readonly Lazy<TreeMount> _mount;
    private readonly Lazy<string[]> _paths;
    private SafeFileHandle? _upper;

    private OverlayView(ViewDirectory directory, Manifest manifest, TimeProvider time)
        : base(directory, manifest, TreeFiles.Stat(directory.Handle, UpperName) is not null, time)
    {
        _upper = IsMade ? directory.Sub(UpperName) : null;
        _mount = new Lazy<TreeMount>(MountNow);
        _paths = new Lazy<string[]>(() => [.. manifest.Entries.Keys.Order(StringComparer.Ordinal)]);
    }

    private protected override ViewMount MountOfTree =>
        _mount.Value.Place with { GrowthDirectory = Path.Join(Store.FullPath, UpperName) };

    private protected override SafeFileHandle Tree => _mount.Value.Root;

    private SafeFileHandle Upper => _upper!;

    /// <param name="isKnown">Overlays on these file systems have been mounted before: no need to try.</param>
    public static OverlayView Create(
        ViewDirectory directory, string workspace, uint? user, WorkspaceScan scan, bool isKnown, TimeProvider time)
    {
        Problem.ThrowUnless(
            user is not null || Native.EffectiveUser() != 0,
            "view.no_overlay",
            "As root an overlay needs a user of its own for the run.");
        Problem.ThrowUnless(
            scan.HasOneOwner,
            "view.no_overlay",
            "The files of this workspace belong to several users; choose a copy.");

        var manifest = new Manifest(ViewKind.Overlay, workspace, user, scan.Entries);
        var view = new OverlayView(directory, manifest, time);
        try
        {
            // A system that cannot mount it says so now, while another kind can still be chosen.
            _ = isKnown ? null : view.Root;
            manifest.WriteFirst(directory.Handle);
            view.BeginToKeep();
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

    // What is looked for when the view is opened again comes last.
    private protected override void Make()
    {
        Store.MakeSub(LowerName, 0x1C0, owner: null).Dispose();
        Store.MakeSub(MergedName, 0x1C0, owner: null).Dispose();
        Store.MakeSub(WorkName, 0x1C0, Owner).Dispose();
        _upper = Store.MakeSub(UpperName, 0x1C0, Owner);
    }

    internal override SafeFileHandle OpenFile(string path) => OpenFileIn(Upper, path);

    internal override SafeFileHandle? TryOpenAny(string path)
    {
        if (_mount.IsValueCreated || !IsMade)
        {
            return base.TryOpenAny(path);
        }

        var flags = Native.OpenRead | Native.OpenNonBlock;
        var (changed, error) = Beneath.TryOpen(Upper, path, flags, followLinks: false);

        return error == Native.NoEntry ? Beneath.TryOpen(Workspace, path, flags, followLinks: false).Handle : changed;
    }

    internal override SortedDictionary<string, NodeState> FindChanges()
    {
        var changes = TreeState.NewChanges();
        TreeScan.Walk(Upper, ViewLimits.Default, CanPermit, (directory, name, path, stat) =>
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
            Workspace, entry.Path, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;
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

        _upper?.Dispose();
        Store.Dispose();
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

        var stat = TreeFiles.Stat(Workspace);

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
        var first = Array.BinarySearch(_paths.Value, prefix, StringComparer.Ordinal);
        for (var index = first < 0 ? ~first : first; index < _paths.Value.Length; index++)
        {
            if (!_paths.Value[index].StartsWith(prefix, StringComparison.Ordinal))
            {
                return;
            }

            MarkAbsent(changes, _paths.Value[index]);
        }
    }
}
