using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>A view on disk: opened from its directory alone, by the run or by any later command.</summary>
/// <remarks>
/// Digests, checkpoints and restores speak of what differs from the manifest. A file whose stat is as it was
/// right after the copy is taken as unchanged; every other one is hashed, once for each (inode, size, times).
/// </remarks>
public abstract class WorkspaceView : IWorkspaceView, IDisposable
{
    private const int HashesMax = 100_000;
    private const string CheckpointPrefix = "checkpoint-";

    // A file stamped this recently could change again without a new stamp, so its hash is not kept.
    private static readonly TimeSpan s_stampGrain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<FileStat, string> _hashes = new();
    private readonly ConcurrentDictionary<string, string> _baseDigests = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private readonly TimeProvider _time;

    private protected WorkspaceView(ViewDirectory directory, Manifest manifest, TimeProvider time)
    {
        Store = directory;
        Manifest = manifest;
        Rebase = Rebase.Read(directory.Handle);
        _time = time;
    }

    public ViewKind Kind => Manifest.Kind;

    /// <summary>One more with each apply and undo; zero until the first.</summary>
    public int Generation => Rebase.Generation;

    /// <summary>The user's own tree.</summary>
    public string WorkspaceDirectory => Manifest.Workspace;

    /// <summary>How a sandbox reaches the tree.</summary>
    public abstract ViewMount Mount { get; }

    internal ViewDirectory Store { get; }

    internal Manifest Manifest { get; }

    internal Rebase Rebase { get; private set; }

    /// <summary>The tree that tools and commands see.</summary>
    internal abstract SafeFileHandle Root { get; }

    internal (uint User, uint Group)? Owner => Manifest.User is { } user ? (user, user) : null;

    // Who is not root may meet directories and files of his own that a command has closed.
    internal static bool CanPermit => Native.EffectiveUser() != 0;

    /// <summary>Mints file grants over this view.</summary>
    public WorkspaceIssuer IssuerFor(Label label) => new(Root, Owner, label);

    public Task<TreeDigest> DigestAsync(CancellationToken cancellationToken) =>
        OneAtATime(() => Scan().Digest(), cancellationToken);

    public Task<TreeDigest> CheckpointAsync(CancellationToken cancellationToken) =>
        OneAtATime(() => Checkpoint(Scan()), cancellationToken);

    public Task RestoreAsync(TreeDigest checkpoint, CancellationToken cancellationToken) =>
        OneAtATime(() => Restore(checkpoint), cancellationToken);

    public Task<IReadOnlyList<Change>> DiffAsync(CancellationToken cancellationToken) =>
        OneAtATime(() => new ViewDifference(this).List(Scan()), cancellationToken);

    /// <summary>Changed paths that the user has changed as well, in path order; <c>apply</c> would refuse
    /// them.</summary>
    public Task<IReadOnlyList<string>> ConflictsAsync(CancellationToken cancellationToken) =>
        OneAtATime(
            () =>
            {
                using var workspace = new UserTree(WorkspaceDirectory);
                var paths = new ViewDifference(this).Paths(Scan()).Select(change => change.Path);
                return (IReadOnlyList<string>)[.. paths.Where(path => !workspace.IsUntouched(this, path))];
            },
            cancellationToken);

    public void Dispose()
    {
        Dispose(isDisposing: true);
        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract SortedDictionary<string, NodeState> FindChanges();

    internal TreeState Scan() => new(FindChanges());

    /// <summary>What the workspace had at a path when the view was made, in the terms of the view.</summary>
    internal NodeState OriginalBase(string path)
    {
        if (!Manifest.Entries.TryGetValue(path, out var entry) || entry.IsHidden)
        {
            return NodeState.Absent;
        }

        return entry.Origin.Kind switch
        {
            FileKind.Regular => new NodeState(NodeKind.File, entry.ViewMode, BaseDigestOf(entry)),
            FileKind.Directory => new NodeState(NodeKind.Directory, entry.ViewMode, string.Empty),
            _ => new NodeState(NodeKind.Link, 0, entry.LinkTarget),
        };
    }

    /// <summary>Opens a content by its digest: from the objects, or from what the workspace had at the path.</summary>
    internal ContentSource OpenContent(string path, string digest)
    {
        if (Store.Objects.TryOpen(digest) is { } kept)
        {
            return new ContentSource(kept, 0, long.MaxValue);
        }

        if (Manifest.Entries.TryGetValue(path, out var entry)
            && BaseDigestOf(entry) == digest
            && TryOpenBase(entry) is { } original)
        {
            return original;
        }

        throw new ProblemException(new Problem(
            "view.base_lost", "The original of a file was changed meanwhile and no copy of it is left."));
    }

    /// <summary>Keeps the contents of all changed files and the list of them, durably.</summary>
    internal TreeDigest Checkpoint(TreeState state)
    {
        foreach (var (path, change) in state.Changes)
        {
            if (change.Kind == NodeKind.File && !Store.Objects.Has(change.Content))
            {
                using var file = OpenFile(path);
                Problem.ThrowUnless(
                    Store.Objects.Put(file) == change.Content,
                    "view.changed",
                    "A file changed while it was being recorded; end the commands that still run and try again.");
            }
        }

        Store.Objects.Sync();
        var digest = state.Digest();
        if (TreeFiles.Stat(Store.Handle, CheckpointPrefix + digest.Hex) is null)
        {
            Record.Write(Store.Handle, CheckpointPrefix + digest.Hex, state.Write);
        }

        return digest;
    }

    internal void ReloadRebase() => Rebase = Rebase.Read(Store.Handle);

    /// <summary>Opens a changed file of the view for reading.</summary>
    internal virtual SafeFileHandle OpenFile(string path) => OpenFileIn(Root, path);

    /// <summary>Opens any file of the view for reading; null where there is none.</summary>
    internal virtual SafeFileHandle? TryOpenAny(string path) =>
        Beneath.TryOpen(Root, path, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;

    private protected static SafeFileHandle OpenFileIn(SafeFileHandle root, string path)
    {
        var slash = path.LastIndexOf('/');
        using var parent = Beneath.Open(
            root, slash < 0 ? "." : path[..slash], Native.OpenPath | Native.OpenDirectory, followLinks: false);

        return TreeScan.TryOpenFile(parent, path[(slash + 1)..], CanPermit)
            ?? throw new ProblemException(new Problem("view.changed", "A changed file has gone; try again."));
    }

    private protected abstract ContentSource? TryOpenBase(ManifestEntry entry);

    private protected abstract void Dispose(bool isDisposing);

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

    private bool Restore(TreeDigest checkpoint)
    {
        var target = Record.Read(Store.Handle, CheckpointPrefix + checkpoint.Hex, TreeState.Read);
        Problem.ThrowUnless(
            target is not null, "view.checkpoint_unknown", "This run has no such checkpoint of its workspace.");

        var present = Scan();
        var paths = target.Changes.Keys.Union(present.Changes.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToList();
        var wanted = paths.ToDictionary(
            path => path,
            path => target.Changes.TryGetValue(path, out var changed) ? changed : OriginalBase(path),
            StringComparer.Ordinal);

        Bring(
            paths.Where(path => StateIn(present, path) != wanted[path]).ToList(),
            wanted,
            path => StateIn(present, path));

        Problem.ThrowUnless(
            Scan().Digest() == checkpoint,
            "view.restore_failed",
            "The workspace view could not be brought back; end the commands that still run and try again.");

        return true;
    }

    private void Bring(
        List<string> paths, Dictionary<string, NodeState> wanted, Func<string, NodeState> presentOf)
    {
        using var writer = new TreeWriter(Root, isDurable: false, CanPermit);

        foreach (var path in paths.AsEnumerable().Reverse().Where(IsReplacedWhole))
        {
            writer.Remove(path, isRecursive: true);
        }

        foreach (var path in paths.Where(path => wanted[path].Kind != NodeKind.Absent))
        {
            var (state, present) = (wanted[path], presentOf(path));
            if (present.Kind != state.Kind || present.Content != state.Content)
            {
                writer.Put(path, state, () => OpenContent(path, state.Content), Owner, modifiedAt: null);
            }
            else if (state.Kind != NodeKind.Directory)
            {
                writer.SetAttributes(path, state.Mode, owner: null, modifiedAt: null);
            }
        }

        foreach (var path in paths.AsEnumerable().Reverse().Where(IsDirectory))
        {
            writer.SetAttributes(path, wanted[path].Mode, owner: null, modifiedAt: null);
        }

        bool IsReplacedWhole(string path) =>
            presentOf(path).Kind != NodeKind.Absent
            && presentOf(path).Kind != wanted[path].Kind
            && (wanted[path].Kind == NodeKind.Absent
                || presentOf(path).Kind == NodeKind.Directory
                || wanted[path].Kind == NodeKind.Directory);

        bool IsDirectory(string path) => wanted[path].Kind == NodeKind.Directory;
    }

    private NodeState StateIn(TreeState state, string path) =>
        state.Changes.TryGetValue(path, out var changed) ? changed : OriginalBase(path);

    private async Task<T> OneAtATime<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }
}
