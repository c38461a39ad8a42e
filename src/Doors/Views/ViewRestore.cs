using Reeve.Authority;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Brings a view back to exactly the tree of a checkpoint, or says that it could not.</summary>
internal sealed class ViewRestore(WorkspaceView view)
{
    /// <exception cref="ProblemException"><c>view.checkpoint_unknown</c>, <c>view.restore_failed</c>.</exception>
    public void Bring(TreeDigest checkpoint)
    {
        var target = Find(view, checkpoint);
        var present = view.Scan();
        var paths = target.Changes.Keys.Union(present.Changes.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToList();
        var wanted = paths.ToDictionary(
            path => path,
            path => target.Changes.TryGetValue(path, out var changed) ? changed : view.OriginalBase(path),
            StringComparer.Ordinal);

        var changing = paths.Where(path => StateIn(present, path) != wanted[path]).ToList();
        if (changing is [])
        {
            return;
        }

        Bring(
            changing, wanted, path => StateIn(present, path), (path, state) => view.OpenContent(path, state.Content));

        Problem.ThrowUnless(
            view.Scan().Digest() == checkpoint,
            "view.restore_failed",
            "The workspace view could not be brought back; end the commands that still run and try again.");
    }

    /// <summary>The tree of a checkpoint; <c>view.checkpoint_unknown</c> where the view never had it.</summary>
    public static TreeState Find(WorkspaceView view, TreeDigest checkpoint)
    {
        var found = checkpoint == TreeState.Unchanged.Digest()
            ? TreeState.Unchanged
            : Record.Read(view.Store.Handle, WorkspaceView.CheckpointPrefix + checkpoint.Hex, TreeState.Read);

        return found ?? throw new ProblemException(
            new Problem("view.checkpoint_unknown", "This run has no such checkpoint of its workspace."));
    }

    /// <param name="paths">In path order, each with another state than it has.</param>
    public void Bring(
        IReadOnlyList<string> paths,
        Dictionary<string, NodeState> wanted,
        Func<string, NodeState> presentOf,
        Func<string, NodeState, ContentSource> contentOf)
    {
        using var writer = new TreeWriter(view.Root, isDurable: false, WorkspaceView.CanPermit);

        foreach (var path in paths.Reverse().Where(IsReplacedWhole))
        {
            writer.Remove(path, isRecursive: true);
        }

        foreach (var path in paths.Where(path => wanted[path].Kind != NodeKind.Absent))
        {
            var (state, present) = (wanted[path], presentOf(path));
            if (present.Kind != state.Kind || present.Content != state.Content)
            {
                writer.Put(path, state, () => contentOf(path, state), view.Owner, modifiedAt: null);
            }
            else if (state.Kind != NodeKind.Directory)
            {
                writer.SetAttributes(path, state.Mode, owner: null, modifiedAt: null);
            }
        }

        foreach (var path in paths.Reverse().Where(IsDirectory))
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
        state.Changes.TryGetValue(path, out var changed) ? changed : view.OriginalBase(path);
}
