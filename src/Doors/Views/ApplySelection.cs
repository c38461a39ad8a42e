using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Parts a difference into what is applied, what is left out, and where the user has been
/// meanwhile.</summary>
internal sealed class ApplySelection
{
    private readonly Dictionary<string, ViewChange> _chosen = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _conflicts = new(StringComparer.Ordinal);

    public ApplySelection(
        WorkspaceView view, UserTree workspace, IReadOnlyList<ViewChange> changes, ApplyOptions options)
    {
        foreach (var change in changes)
        {
            var isLeftOut = change.IsRefused
                || (change.IsIgnored && !options.IncludesIgnored)
                || IsBelowLeftOut(change.Path);
            if (isLeftOut)
            {
                _leftOut.Add(change.Path);
            }
            else
            {
                _chosen.Add(change.Path, change);
            }
        }

        KeepFilledDirectories(view, workspace, changes);
        _conflicts.UnionWith(_chosen.Keys.Where(path => !workspace.IsUntouched(view, path)));
    }

    /// <summary>In path order.</summary>
    public IEnumerable<ViewChange> Chosen => _chosen.Values.OrderBy(change => change.Path, StringComparer.Ordinal);

    public IReadOnlyList<string> LeftOut => [.. _leftOut];

    public IReadOnlyList<string> Conflicts => [.. _conflicts];

    // What would lie in a directory that is not made cannot be made either.
    private bool IsBelowLeftOut(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_leftOut.Contains(path[..slash]))
            {
                return true;
            }
        }

        return false;
    }

    // A directory stays while something stays in it: what was left out, what the view never saw. What the user
    // has put there since is a conflict.
    private void KeepFilledDirectories(WorkspaceView view, UserTree workspace, IReadOnlyList<ViewChange> changes)
    {
        foreach (var change in changes.Reverse().Where(change =>
            change.Before.Kind == NodeKind.Directory && change.After.Kind != NodeKind.Directory))
        {
            foreach (var child in workspace.Children(change.Path))
            {
                if (_chosen.TryGetValue(child, out var below) && below.After.Kind == NodeKind.Absent)
                {
                    continue;
                }

                if (UserTree.ExpectedAt(view, child) is null)
                {
                    _conflicts.Add(child);
                }
                else if (_chosen.Remove(change.Path))
                {
                    _leftOut.Add(change.Path);
                }
            }
        }
    }
}
