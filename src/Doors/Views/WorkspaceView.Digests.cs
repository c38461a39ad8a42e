using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>What a node is, content included: a file is read only when nothing tells that it is unchanged.</summary>
public abstract partial class WorkspaceView
{
    private protected NodeState StateOf(SafeFileHandle directory, string name, FileStat stat) => stat.Kind switch
    {
        FileKind.Directory => new NodeState(NodeKind.Directory, stat.Permissions, string.Empty),
        FileKind.Link => new NodeState(NodeKind.Link, 0, TreeFiles.ReadLink(directory, name) ?? string.Empty),
        FileKind.Regular => new NodeState(NodeKind.File, stat.Permissions, HashOf(directory, name, stat)),
        _ => new NodeState(
            NodeKind.Special, stat.Permissions, (stat.Mode & 0xF000).ToString(CultureInfo.InvariantCulture)),
    };

    private string HashOf(SafeFileHandle directory, string name, FileStat stat)
    {
        if (_hashes.TryGetValue(stat, out var known))
        {
            return known;
        }

        using var file = TreeScan.TryOpenFile(directory, name, CanPermit);
        if (file is null || TreeFiles.Stat(file).Kind != FileKind.Regular)
        {
            return NodeState.Lost;
        }

        var digest = ObjectStore.DigestOf(file);
        var changedAt = DateTimeOffset.UnixEpoch.AddTicks(stat.ChangedAt / 100);
        if (_time.GetUtcNow() - changedAt > s_stampGrain && TreeFiles.Stat(file) == stat)
        {
            if (_hashes.Count >= HashesMax)
            {
                _hashes.Clear();
            }

            _hashes[stat] = digest;
        }

        return digest;
    }

    private string BaseDigestOf(ManifestEntry entry)
    {
        if (entry.BaseDigest.Length > 0)
        {
            return entry.BaseDigest;
        }

        // An apply has kept the original of what it replaced.
        if (Rebase.Paths.TryGetValue(entry.Path, out var rebased) && rebased.Original.Kind == NodeKind.File)
        {
            return rebased.Original.Content;
        }

        if (_baseDigests.TryGetValue(entry.Path, out var known))
        {
            return known;
        }

        using var source = TryOpenBase(entry);
        if (source is not { } found)
        {
            return NodeState.Lost;
        }

        var digest = ObjectStore.Copy(found.File, to: null, found.Offset, found.Count);
        _baseDigests[entry.Path] = digest;

        return digest;
    }
}
