using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Brings the files of a checkpoint of one view into a new view of the workspace as it is now.</summary>
/// <remarks>
/// What the run had changed by then is as it was then. All else is the user's present tree: so what he edited since
/// stays. Where both changed a path, the view has the run's and an apply of it is a conflict. What the run had
/// applied is the user's by now, and is taken back in the view only where he left it as it was applied.
/// </remarks>
internal sealed class ViewFork(WorkspaceView parent, WorkspaceView child)
{
    private readonly SortedDictionary<string, NodeState> _wanted = TreeState.NewChanges();
    private readonly HashSet<string> _drifted = new(StringComparer.Ordinal);

    /// <exception cref="ProblemException"><c>view.checkpoint_unknown</c>, <c>view.base_lost</c>.</exception>
    public void Bring(TreeDigest checkpoint)
    {
        var then = ViewRestore.Find(parent, checkpoint);
        CollectChanges(then);
        CollectApplied(then);
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
            (path, state) => parent.OpenContent(path, state.Content));
        child.AddDrifted(_drifted.Where(wanted.ContainsKey));
    }

    private void CollectChanges(TreeState then)
    {
        foreach (var (path, state) in then.Changes)
        {
            // It was applied since, and what has become of it is for the user to say.
            if (parent.Rebase.Paths.TryGetValue(path, out var rebased) && rebased.Base == state)
            {
                continue;
            }

            Want(path, state);
        }
    }

    /// <summary>What an apply brought that the checkpoint did not have.</summary>
    private void CollectApplied(TreeState then)
    {
        foreach (var (path, rebased) in parent.Rebase.Paths)
        {
            if (!then.Changes.ContainsKey(path) && rebased.Base != rebased.Original && !IsTouched(path))
            {
                Want(path, rebased.Original);
            }
        }
    }

    /// <summary>A file needs its folders, also where the user has removed them.</summary>
    private void CollectFolders()
    {
        foreach (var path in _wanted.Where(path => path.Value.Kind != NodeKind.Absent).Select(path => path.Key).ToList())
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

    private void Want(string path, NodeState state)
    {
        _wanted[path] = state;

        if (IsTouched(path) || (parent.Manifest.Drifted.Contains(path) && !parent.Rebase.Paths.ContainsKey(path)))
        {
            _drifted.Add(path);
        }
    }

    /// <summary>The user's own file is not the one that the parent, or its last apply, knew.</summary>
    private bool IsTouched(string path)
    {
        var now = child.Manifest.Entries.TryGetValue(path, out var entry) ? entry.Origin : (Files.FileStat?)null;

        return (UserTree.ExpectedAt(parent, path), now) switch
        {
            (null, null) => false,
            ({ } expected, { } present) => !ManifestEntry.IsSame(expected, present),
            _ => true,
        };
    }

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
