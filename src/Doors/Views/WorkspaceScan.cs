using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The user's tree as it was when a view of it was opened, and what that says about kinds of view.</summary>
internal sealed class WorkspaceScan
{
    private WorkspaceScan(List<ManifestEntry> entries) => Entries = entries;

    public IReadOnlyList<ManifestEntry> Entries { get; }

    /// <summary>Of all regular files together.</summary>
    public long Bytes { get; private set; }

    /// <summary>True where everything belongs to the owner of the top folder.</summary>
    public bool HasOneOwner { get; private set; } = true;

    /// <summary>True where no other file system is mounted inside.</summary>
    public bool IsOneFileSystem { get; private set; } = true;

    /// <summary>Any regular file with content; null where there is none.</summary>
    public string? SomeFile { get; private set; }

    public static WorkspaceScan Of(SafeFileHandle workspace, ViewLimits limits)
    {
        var entries = new List<ManifestEntry>();
        var scan = new WorkspaceScan(entries);
        var owner = TreeFiles.Stat(workspace).User;
        var device = TreeFiles.DeviceOf(workspace);

        TreeScan.Walk(workspace, limits, canPermit: false, (directory, name, path, stat) =>
        {
            var target = stat.Kind == FileKind.Link ? TreeFiles.ReadLink(directory, name) : null;
            var isHidden = stat.Kind == FileKind.Other;
            entries.Add(new ManifestEntry(path, stat, target ?? string.Empty, isHidden, default, -1, string.Empty));
            scan.HasOneOwner &= stat.User == owner;
            if (stat.Kind == FileKind.Regular)
            {
                scan.Bytes += stat.Size;
                scan.SomeFile ??= stat.Size > 0 ? path : null;
            }
            else if (stat.Kind == FileKind.Directory)
            {
                scan.IsOneFileSystem &= TreeFiles.DeviceOf(directory, name) is var at && (at is null || at == device);
            }
        });

        return scan;
    }

    public void ThrowIfTooLarge(ViewLimits limits) => Problem.ThrowUnless(
        Bytes <= limits.TreeBytesMax,
        "workspace.too_large",
        $"The workspace has more than {limits.TreeBytesMax} bytes; choose a smaller folder.");
}
