using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Brings the files of a checkpoint of one view into a new view of the workspace as it is now.</summary>
/// <remarks>
/// What the run had changed by then is as it was then. All else is the user's present tree: so what he edited since
/// stays. Where both changed a path, the view has the run's and an apply of it is a conflict. What this run or one
/// after it applied is the user's by now, and is taken back in the view only where he left it as it was applied.
/// </remarks>
/// <param name="later">Views of runs that went on after it, in order: they may have applied what it changed.</param>
internal sealed class ViewFork(WorkspaceView parent, IReadOnlyList<WorkspaceView> later, WorkspaceView child)
{
    private readonly SortedDictionary<string, NodeState> _wanted = TreeState.NewChanges();
    private readonly Dictionary<string, WorkspaceView> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _drifted = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<WorkspaceView> _line = [parent, .. later];

    /// <exception cref="ProblemException"><c>view.checkpoint_unknown</c>, <c>view.base_lost</c>.</exception>
    public void Bring(TreeDigest checkpoint)
    {
        var then = ViewRestore.Find(parent, checkpoint);

        foreach (var (path, state) in then.Changes)
        {
            WantChanged(path, state);
        }

        foreach (var path in _line.SelectMany(view => view.Rebase.Paths.Keys).Except(then.Changes.Keys).ToList())
        {
            WantOriginal(path);
        }

        CollectFolders();
        KeepWhatIsNew();

        var present = child.Scan();
        var wanted = _wanted.Where(path => StateIn(present, path.Key) != path.Value)
            .ToDictionary(path => path.Key, path => path.Value, StringComparer.Ordinal);

        if (wanted.Count == 0)
        {
            return;
        }

        new ViewRestore(child).Bring(
            [.. wanted.Keys.Order(StringComparer.Ordinal)], wanted, path => StateIn(present, path),
            (path, state) => _contents.GetValueOrDefault(path, parent).OpenContent(path, state.Content));
        child.AddDrifted(_drifted.Where(wanted.ContainsKey));
    }

    /// <summary>A path that the run had changed by then.</summary>
    private void WantChanged(string path, NodeState state)
    {
        var applied = AppliedAt(path);

        // It was applied since, and what the user has made of it is for him to say.
        if (applied.Count > 0 && IsTouched(path) && applied.Any(known => known.Base == state))
        {
            return;
        }

        _wanted[path] = state;

        if (IsTouched(path) || (applied.Count == 0 && parent.Manifest.Drifted.Contains(path)))
        {
            _drifted.Add(path);
        }
    }

    /// <summary>What an apply brought that the checkpoint did not have.</summary>
    private void WantOriginal(string path)
    {
        if (!IsTouched(path))
        {
            var first = _line.First(view => view.Rebase.Paths.ContainsKey(path));
            _wanted[path] = first.Rebase.Paths[path].Original;
            _contents[path] = first;
        }
    }

    /// <summary>A file needs its folders, also where the user has removed them.</summary>
    private void CollectFolders()
    {
        var present = _wanted.Where(path => path.Value.Kind != NodeKind.Absent).Select(path => path.Key).ToList();

        foreach (var path in present)
        {
            foreach (var folder in FoldersOf(path).Where(folder => !_wanted.ContainsKey(folder)))
            {
                if (!IsFolder(folder))
                {
                    var known = parent.OriginalBase(folder);
                    _wanted[folder] = known.Kind == NodeKind.Directory
                        ? known : new NodeState(NodeKind.Directory, 0x1ED, string.Empty);
                    _drifted.Add(folder);
                }
            }
        }
    }

    /// <summary>A folder that the run had removed stays where the user has put something new into it.</summary>
    private void KeepWhatIsNew()
    {
        foreach (var entry in child.Manifest.Entries.Values.Where(entry => !entry.IsHidden))
        {
            if (_wanted.ContainsKey(entry.Path) || !FoldersOf(entry.Path).Any(IsNoFolderAnyMore))
            {
                continue;
            }

            foreach (var folder in FoldersOf(entry.Path))
            {
                if (_wanted.TryGetValue(folder, out var state) && state.Kind == NodeKind.Absent)
                {
                    _wanted.Remove(folder);
                }
                else if (IsNoFolderAnyMore(folder))
                {
                    // The run had put something else in the folder's place: only the user can say which it shall be.
                    _wanted[entry.Path] = NodeState.Absent;
                    _drifted.UnionWith([folder, entry.Path]);
                    break;
                }
            }
        }
    }

    private List<RebasedPath> AppliedAt(string path) =>
        [.. _line.Where(view => view.Rebase.Paths.ContainsKey(path)).Select(view => view.Rebase.Paths[path])];

    /// <summary>The user's own file is neither the one that the parent knew nor what was applied since.</summary>
    private bool IsTouched(string path)
    {
        var now = child.Manifest.Entries.TryGetValue(path, out var entry) ? entry.Origin : (FileStat?)null;
        var applied = AppliedAt(path);

        return applied.Count > 0
            ? !applied.Any(known => IsSame(known.Origin, now))
            : !IsSame(UserTree.ExpectedAt(parent, path), now);
    }

    private static bool IsSame(FileStat? expected, FileStat? now) => (expected, now) switch
    {
        (null, null) => true,
        ({ } before, { } present) => ManifestEntry.IsSame(before, present),
        _ => false,
    };

    private bool IsFolder(string path) =>
        child.Manifest.Entries.TryGetValue(path, out var entry) && entry.Origin.Kind == FileKind.Directory;

    private bool IsNoFolderAnyMore(string path) =>
        _wanted.TryGetValue(path, out var state) && state.Kind != NodeKind.Directory;

    private NodeState StateIn(TreeState state, string path) =>
        state.Changes.TryGetValue(path, out var changed) ? changed : child.OriginalBase(path);

    /// <summary>Outermost first.</summary>
    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
