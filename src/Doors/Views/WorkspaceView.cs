using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>A view on disk: opened from its directory alone, by the run or by any later command.</summary>
/// <remarks>
/// Until somebody asks to change it or to run a command in it, a view has no tree of its own: it reads the
/// workspace as it stands, and checkpoint, digest and difference cost nothing. The first change makes the tree.
/// Digests, checkpoints and restores speak of what differs from the manifest. A file whose stat is as it was
/// right after the copy is taken as unchanged; every other one is hashed, once for each (inode, size, times).
/// </remarks>
public abstract partial class WorkspaceView : IWorkspaceView, IDisposable
{
    private const int HashesMax = 100_000;
    internal const string CheckpointPrefix = "checkpoint-";

    // A file stamped this recently could change again without a new stamp, so its hash is not kept.
    private static readonly TimeSpan s_stampGrain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<FileStat, string> _hashes = new();
    private readonly ConcurrentDictionary<string, string> _baseDigests = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _making = new(), _keeping = new();
    private readonly Lazy<bool> _isKept;
    private readonly Lazy<SafeFileHandle> _workspace;
    private readonly TimeProvider _time;
    private volatile bool _isMade;
    private bool _isDisposed;

    private protected WorkspaceView(ViewDirectory directory, Manifest manifest, bool isMade, TimeProvider time)
    {
        Store = directory;
        Manifest = manifest;
        _isMade = isMade;
        _workspace = new Lazy<SafeFileHandle>(() => Beneath.OpenRoot(Manifest.Workspace));
        Rebase = Rebase.Read(directory.Handle);
        _time = time;
        _isKept = new Lazy<bool>(Keep);
    }

    public ViewKind Kind => Manifest.Kind;

    /// <summary>One more with each apply and undo; zero until the first.</summary>
    public int Generation => Rebase.Generation;

    /// <summary>The user's own tree.</summary>
    public string WorkspaceDirectory => Manifest.Workspace;

    /// <summary>As root: the uid of the run, who owns the view. Else null.</summary>
    public uint? User => Manifest.User;

    /// <summary>How a sandbox reaches the tree, which is made by now.</summary>
    public ViewMount Mount
    {
        get
        {
            ThrowUnlessKept();
            EnsureMade();

            return MountOfTree;
        }
    }

    internal ViewDirectory Store { get; }

    internal Manifest Manifest { get; private protected set; }

    internal Rebase Rebase { get; private set; }

    /// <summary>True once the view has a tree of its own.</summary>
    internal bool IsMade => _isMade;

    /// <summary>The tree that tools and commands change, made by now.</summary>
    internal SafeFileHandle Root
    {
        get
        {
            EnsureMade();

            return Tree;
        }
    }

    private protected abstract ViewMount MountOfTree { get; }

    private protected abstract SafeFileHandle Tree { get; }

    /// <summary>The user's own tree, opened when it is first needed.</summary>
    private protected SafeFileHandle Workspace => _workspace.Value;

    internal (uint User, uint Group)? Owner => Manifest.User is { } user ? (user, user) : null;

    // Who is not root may meet directories and files of his own that a command has closed.
    internal static bool CanPermit => Native.EffectiveUser() != 0;

    /// <summary>Mints file grants over this view.</summary>
    public WorkspaceIssuer IssuerFor(Label label) => new(() => new ViewRoot(this), Owner, label);

    public Task<TreeDigest> DigestAsync(CancellationToken cancellationToken) => IsMade
        ? OneAtATime(() => Scan().Digest(), cancellationToken)
        : Task.FromResult(TreeState.Unchanged.Digest());

    public Task<TreeDigest> CheckpointAsync(CancellationToken cancellationToken) => IsMade
        ? OneAtATime(() => Checkpoint(Scan()), cancellationToken)
        : Task.FromResult(TreeState.Unchanged.Digest());

    public Task RestoreAsync(TreeDigest checkpoint, CancellationToken cancellationToken) =>
        OneAtATime(
            () =>
            {
                new ViewRestore(this).Bring(checkpoint);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<Change>> DiffAsync(CancellationToken cancellationToken)
    {
        if (IsMade)
        {
            return OneAtATime(() => new ViewDifference(this).List(Scan()), cancellationToken);
        }

        // A run may end on a view that it never looked into, and then its view must be there.
        ThrowUnlessKept();

        return Task.FromResult<IReadOnlyList<Change>>([]);
    }

    /// <summary>What its applies have brought to the workspace, as far as none was taken back.</summary>
    public Task<AppliedChanges> AppliedAsync(CancellationToken cancellationToken) =>
        OneAtATime(() => AppliedChanges.Of(this), cancellationToken);

    /// <summary>An apply of this view stands in the user's own tree.</summary>
    public bool IsApplied => Rebase.Paths.Values.Any(path => path.Base != path.Original);

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
        if (_isDisposed)
        {
            return;
        }

        lock (_keeping)
        {
            _isDisposed = true;
        }

        Dispose(isDisposing: true);
        if (_workspace.IsValueCreated)
        {
            _workspace.Value.Dispose();
        }

        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract SortedDictionary<string, NodeState> FindChanges();

    internal TreeState Scan() => new(IsMade ? FindChanges() : TreeState.NewChanges());

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

        // What has no changes is known by its digest alone.
        var digest = state.Digest();
        if (state.Changes.Count == 0)
        {
            return digest;
        }

        Store.Objects.Sync();
        if (TreeFiles.Stat(Store.Handle, CheckpointPrefix + digest.Hex) is null)
        {
            Record.Write(Store.Handle, CheckpointPrefix + digest.Hex, state.Write);
        }

        return digest;
    }

    /// <summary>Paths that the user changed while the run did: applying them is always a conflict.</summary>
    internal void AddDrifted(IEnumerable<string> paths)
    {
        var drifted = Manifest.Drifted.Union(paths).ToHashSet(StringComparer.Ordinal);
        if (drifted.Count > Manifest.Drifted.Count)
        {
            Manifest = Manifest.WithDrifted(drifted);
            Manifest.Write(Store.Handle);
            Manifest.Sync(Store.Handle);
        }
    }

    internal void ReloadRebase() => Rebase = Rebase.Read(Store.Handle);

    /// <summary>Opens a changed file of the view for reading.</summary>
    internal virtual SafeFileHandle OpenFile(string path) => OpenFileIn(Root, path);

    /// <summary>Opens any file of the view for reading; null where there is none.</summary>
    internal virtual SafeFileHandle? TryOpenAny(string path) => Beneath.TryOpen(
        IsMade ? Tree : Workspace, path, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;

    private protected static SafeFileHandle OpenFileIn(SafeFileHandle root, string path)
    {
        var slash = path.LastIndexOf('/');
        using var parent = Beneath.Open(
            root, slash < 0 ? "." : path[..slash], Native.OpenPath | Native.OpenDirectory, followLinks: false);

        return TreeScan.TryOpenFile(parent, path[(slash + 1)..], CanPermit)
            ?? throw new ProblemException(new Problem("view.changed", "A changed file has gone; try again."));
    }

    /// <summary>Begins to make the manifest durable; whoever first reads through the view waits for it.</summary>
    /// <remarks>Until then a loss of power leaves a view of which nothing was seen: it is opened anew.</remarks>
    private protected void BeginToKeep() => _ = Task.Run(() =>
    {
        try
        {
            ThrowUnlessKept();
        }
        catch (ProblemException)
        {
            // It is said again to whoever needs it.
        }
    });

    private void ThrowUnlessKept() => _ = _isKept.Value;

    private bool Keep()
    {
        lock (_keeping)
        {
            if (!_isDisposed)
            {
                Manifest.Sync(Store.Handle);
            }

            return !_isDisposed;
        }
    }

    private protected abstract ContentSource? TryOpenBase(ManifestEntry entry);

    private protected abstract void Dispose(bool isDisposing);

    /// <summary>Makes the tree; a crash in it leaves a view without one.</summary>
    private protected abstract void Make();

    private protected void EnsureMade()
    {
        if (_isMade)
        {
            return;
        }

        lock (_making)
        {
            if (!_isMade)
            {
                Make();
                _isMade = true;
            }
        }
    }

    /// <summary>What grants see: the workspace until the view has a tree, then the tree.</summary>
    private sealed class ViewRoot(WorkspaceView view) : TreeRoot
    {
        public override SafeFileHandle ForReading()
        {
            view.ThrowUnlessKept();

            return view.IsMade ? view.Tree : view.Workspace;
        }

        public override SafeFileHandle ForChanging()
        {
            view.ThrowUnlessKept();

            return view.Root;
        }

        public override void Dispose()
        {
            // The handles are the view's.
        }
    }

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
