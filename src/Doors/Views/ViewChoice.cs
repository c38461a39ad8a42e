using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Chooses the cheapest kind of view that this machine can make of a workspace.</summary>
/// <remarks>
/// Reflinks, where one can be made (ioctl_ficlonerange(2)); a plain copy of what is copied faster than anything is
/// mounted; an overlay, where one can be mounted over these file systems; else a copy. What was tried once is
/// remembered for the life of this object.
/// </remarks>
internal sealed class ViewChoice
{
    /// <summary>Up to here a copy takes less time than a mount.</summary>
    public const int SmallEntriesMax = 128;

    /// <summary>As above, for the bytes of all files.</summary>
    public const long SmallBytesMax = 1024 * 1024;

    // Pairs of file systems that are remembered.
    private const int PairsMax = 256;
    private const ulong FileClone = 0x40049409;
    private const string ProbeName = "probe";

    private readonly ConcurrentDictionary<Pair, bool> _clones = new();
    private readonly ConcurrentDictionary<Pair, bool> _overlays = new();

    /// <summary>The kind, and for an overlay whether it is known that one can be mounted.</summary>
    /// <exception cref="ProblemException"><c>view.no_reflink</c>, where nothing else was wanted.</exception>
    public (ViewKind Kind, bool IsKnown) Choose(
        ViewPreference preference, WorkspaceScan scan, SafeFileHandle workspace, SafeFileHandle view, uint? user)
    {
        var pair = PairOf(workspace, view);
        if (preference is ViewPreference.Copy or ViewPreference.Overlay)
        {
            return (preference == ViewPreference.Copy ? ViewKind.Copy : ViewKind.Overlay, IsKnown(pair, out _));
        }

        if (CanClone(pair, scan, workspace, view))
        {
            return (ViewKind.Reflink, IsKnown: false);
        }

        Problem.ThrowUnless(
            preference != ViewPreference.Reflink,
            "view.no_reflink",
            "This file system has no reflinks; choose a copy.");
        var isSmall = scan.Entries.Count <= SmallEntriesMax && scan.Bytes <= SmallBytesMax;
        var isFit = scan is { HasOneOwner: true, IsOneFileSystem: true }
            && (user is not null || Native.EffectiveUser() != 0);
        var isKnown = IsKnown(pair, out var canOverlay);

        return (!isSmall && isFit && canOverlay ? ViewKind.Overlay : ViewKind.Copy, isKnown);
    }

    public void Remember(SafeFileHandle workspace, SafeFileHandle view, bool canOverlay) =>
        Keep(_overlays, PairOf(workspace, view), canOverlay);

    // What was never tried may work.
    private bool IsKnown(Pair pair, out bool canOverlay)
    {
        var isTried = _overlays.TryGetValue(pair, out var known);
        canOverlay = known || !isTried;

        return isTried && known;
    }

    private bool CanClone(Pair pair, WorkspaceScan scan, SafeFileHandle workspace, SafeFileHandle view)
    {
        if (_clones.TryGetValue(pair, out var known) || scan.SomeFile is not { } some)
        {
            return known;
        }

        using var file = Beneath.TryOpen(
            workspace, some, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;
        if (file is null)
        {
            return false;
        }

        var name = NameCodec.Terminated(ProbeName);
        var flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenTruncate | Native.OpenCloseOnExec;
        using var made = new SafeFileHandle(
            FileFailure.ThrowIfFailed(Native.Openat(view, name, flags | Native.OpenNoFollow, 0x180)), ownsHandle: true);
        var canClone = Native.Clone(made, FileClone, file) >= 0;
        Native.Unlink(view, name, 0);
        Keep(_clones, pair, canClone);

        return canClone;
    }

    private static void Keep(ConcurrentDictionary<Pair, bool> known, Pair pair, bool answer)
    {
        if (known.Count >= PairsMax)
        {
            known.Clear();
        }

        known[pair] = answer;
    }

    private static Pair PairOf(SafeFileHandle workspace, SafeFileHandle view) =>
        new(TreeFiles.DeviceOf(workspace), TreeFiles.DeviceOf(view));

    private readonly record struct Pair((uint, uint) Workspace, (uint, uint) View);
}
