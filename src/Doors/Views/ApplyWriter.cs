using Reeve.Authority;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Does the operations of a plan in an order in which every one can be done, forwards or back.</summary>
internal sealed class ApplyWriter(WorkspaceView view, UserTree workspace, IApplySteps? steps)
{
    /// <summary>Removes from the deepest up, makes from the top down, then sets the modes of directories.</summary>
    /// <exception cref="ConflictException">The user has changed a path since the plan was made.</exception>
    public void Bring(IReadOnlyList<ApplyTarget> targets)
    {
        using var writer = new TreeWriter(workspace.Root, isDurable: true, canPermit: false);

        foreach (var target in targets.Reverse().Where(target => target.IsRemovedFirst))
        {
            steps?.Before(ApplyStep.Remove);
            ThrowIfChanged(target);
            writer.Remove(target.Path, isRecursive: false);
        }

        foreach (var target in targets.Where(target => target.To.State.Kind != NodeKind.Absent))
        {
            PutOne(writer, target);
        }

        foreach (var target in targets.Reverse().Where(target => target.To.State.Kind == NodeKind.Directory))
        {
            steps?.Before(ApplyStep.SetAttributes);
            writer.SetAttributes(target.Path, target.To.State.Mode, target.To.Owner, target.To.ModifiedAt);
        }
    }

    /// <summary>Brings back what a plan has changed so far, and nothing that the user has changed since.</summary>
    public void RollBack(ApplyPlan plan)
    {
        using (var cleaner = new TreeWriter(workspace.Root, isDurable: true, canPermit: false))
        {
            foreach (var operation in plan.Operations)
            {
                cleaner.RemoveTemporaries(operation.Path);
            }
        }

        var targets = new List<ApplyTarget>();
        foreach (var operation in plan.Operations)
        {
            var present = workspace.Read(operation.Path, out var stat);
            if (present != operation.Before.State && IsOurs(present, operation))
            {
                var seen = present.Kind == NodeKind.Absent ? (FileStat?)null : stat;
                targets.Add(new ApplyTarget(operation.Path, present, operation.Before, seen));
            }
        }

        Bring(targets);
    }

    // Between its steps a path is absent, or a new directory that has not its mode yet.
    private static bool IsOurs(NodeState present, ApplyOperation operation) =>
        present == operation.After.State
        || present.Kind == NodeKind.Absent
        || (present.Kind == NodeKind.Directory
            && NodeKind.Directory == operation.After.State.Kind)
        || (present.Kind == NodeKind.Directory
            && NodeKind.Directory == operation.Before.State.Kind);

    private void PutOne(TreeWriter writer, ApplyTarget target)
    {
        var to = target.To;
        if (target.From.Kind == to.State.Kind && target.From.Content == to.State.Content)
        {
            if (to.State.Kind != NodeKind.Directory)
            {
                steps?.Before(ApplyStep.SetAttributes);
                ThrowIfChanged(target);
                writer.SetAttributes(target.Path, to.State.Mode, to.Owner, to.ModifiedAt);
            }

            return;
        }

        steps?.Before(ApplyStep.Put);
        if (!target.IsRemovedFirst)
        {
            ThrowIfChanged(target);
        }

        writer.Put(
            target.Path,
            to.State,
            () => view.OpenContent(target.Path, to.State.Content),
            to.Owner,
            to.ModifiedAt);
    }

    private void ThrowIfChanged(ApplyTarget target)
    {
        var present = workspace.Stat(target.Path, out var isBlocked);
        var isSame = !isBlocked && (target.Seen, present) switch
        {
            (null, null) => true,
            ({ } seen, { } now) => ManifestEntry.IsSame(seen, now),
            _ => false,
        };

        if (!isSame)
        {
            throw new ConflictException(target.Path);
        }
    }

    /// <summary>The user was faster: what was done so far is rolled back and the path is shown.</summary>
    internal sealed class ConflictException(string path) : IOException
    {
        public string Path { get; } = path;
    }
}

/// <param name="From">What stands there now.</param>
internal readonly record struct ApplyTarget(string Path, NodeState From, OwnedState To, FileStat? Seen)
{
    public bool IsRemovedFirst =>
        From.Kind != NodeKind.Absent
        && From.Kind != To.State.Kind
        && (To.State.Kind == NodeKind.Absent
            || From.Kind == NodeKind.Directory
            || To.State.Kind == NodeKind.Directory);
}
