using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Doors.Repositories;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Brings a reviewed difference into the user's tree, wholly or not at all, and takes it back.</summary>
/// <remarks>
/// A plan with the originals is durable before the first file of the user is touched. A crash before the end is
/// rolled back by the next call of any member here, a crash after it is only closed. Each file is replaced by
/// rename beneath an open directory and never through a link. Where the user has changed a path since the view
/// was made, nothing at all is written.
/// </remarks>
public sealed class ApplyTransaction(WorkspaceView view, IApplySteps? steps = null)
{
    /// <summary>Applies the difference that was reviewed.</summary>
    /// <param name="approved">The digest of the view as it was shown; another one now is <c>apply.stale</c>.</param>
    /// <exception cref="ProblemException">
    /// <c>apply.stale</c>, <c>apply.busy</c>, <c>git.busy</c>, <c>git.branch_moved</c>, <c>file.unavailable</c>,
    /// <c>disk.full</c>; the user's tree is
    /// then as before.
    /// </exception>
    public Task<ApplyOutcome> ApplyAsync(
        ApplyOptions options, TreeDigest approved, CancellationToken cancellationToken) =>
        Task.Run(() => Locked((workspace, journal) => Apply(workspace, journal, options, approved)), cancellationToken);

    /// <summary>Takes the last apply back; conflicts where the user has changed what it wrote.</summary>
    public Task<ApplyOutcome> UndoAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Locked(Undo), cancellationToken);

    /// <summary>Ends what a crash interrupted; afterwards the user's tree is as before or as after it.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Locked((_, _) => true), cancellationToken);

    /// <summary>The apply whose changes the user's tree has now; null where there is none.</summary>
    public Task<ApplyOutcome?> LastAppliedAsync(CancellationToken cancellationToken) =>
        Task.Run(
            () => Locked((_, journal) => journal.LastApplied is { } number
                ? new ApplyOutcome(
                    ApplyStatus.Applied, number,
                    [.. journal.ReadPlan(number)!.Operations.Select(operation => operation.Path)], [], [])
                : null),
            cancellationToken);

    private T Locked<T>(Func<UserTree, ApplyJournal, T> work)
    {
        using var workspace = new UserTree(view.WorkspaceDirectory);
        workspace.Lock();
        using var journal = new ApplyJournal(view.Store);
        view.ReloadRebase();

        foreach (var number in journal.Open)
        {
            Recover(workspace, journal, number, journal.ReadPlan(number)!);
        }

        return work(workspace, journal);
    }

    private ApplyOutcome Apply(UserTree workspace, ApplyJournal journal, ApplyOptions options, TreeDigest approved)
    {
        var state = view.Scan();
        Problem.ThrowUnless(
            state.Digest() == approved,
            "apply.stale",
            "The view has changed since it was reviewed; look at the difference again.");

        var changes = new ViewDifference(view).Paths(state).ToList();
        var selection = new ApplySelection(view, workspace, changes, options);
        if (selection.Conflicts is not [])
        {
            return new ApplyOutcome(ApplyStatus.Conflict, 0, [], selection.LeftOut, selection.Conflicts);
        }

        var chosen = selection.Chosen.ToList();
        var commits = new RunCommits(view, state, workspace);
        var (branch, refusal) = BranchOf(commits, journal, options);
        if (chosen is [] && branch is null)
        {
            return new ApplyOutcome(ApplyStatus.NothingToDo, 0, [], selection.LeftOut, [])
            {
                BranchRefusal = refusal,
            };
        }

        steps?.Before(ApplyStep.KeepContents);
        view.Checkpoint(state);
        var operations = new List<ApplyOperation>(chosen.Count);
        foreach (var change in chosen)
        {
            if (Prepare(workspace, change) is not { } operation)
            {
                return new ApplyOutcome(ApplyStatus.Conflict, 0, [], selection.LeftOut, [change.Path]);
            }

            operations.Add(operation);
        }

        if (branch is { } found)
        {
            steps?.Before(ApplyStep.BringCommits);
            commits.Bring(found.Objects);
        }

        var plan = new ApplyPlan(0, operations) { Branch = branch?.Change };

        return Run(workspace, journal, plan, selection.LeftOut) with { BranchRefusal = refusal };
    }

    // Files are applied also where the commits cannot be: both are named.
    private static ((BranchChange Change, IReadOnlyList<string> Objects)? Found, Problem? Refusal) BranchOf(
        RunCommits commits, ApplyJournal journal, ApplyOptions options)
    {
        if (options.Branch is not { } name)
        {
            return (null, null);
        }

        try
        {
            return (commits.Find(name, journal.PlacedAt(name), options.Import), null);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code.StartsWith("git.", StringComparison.Ordinal))
        {
            return (null, refusal.Problem);
        }
    }

    // A branch that the user has moved, packed or stands on is his by now.
    private static (BranchChange? Change, Problem? Refusal) BranchBack(UserTree workspace, BranchChange? applied)
    {
        var branches = new GitBranches(workspace.Root);
        if (applied is null || branches.Read(applied.Name) is not { } present)
        {
            return (null, null);
        }

        var isOurs = present == applied.To
            && !branches.IsPacked(applied.Name)
            && !branches.IsCheckedOut(applied.Name);

        return isOurs
            ? (new BranchChange(applied.Name, applied.To, applied.From), null)
            : (null, new Problem(
                "git.branch_moved",
                $"The branch {applied.Name} stays: it was moved, packed or checked out since it was made."));
    }

    private ApplyOutcome Undo(UserTree workspace, ApplyJournal journal)
    {
        if (journal.LastApplied is not { } number)
        {
            return new ApplyOutcome(ApplyStatus.NothingToDo, 0, [], [], []);
        }

        var applied = journal.ReadPlan(number)!;
        var written = applied.Operations.Select(operation => operation.Path).ToHashSet(StringComparer.Ordinal);
        var operations = new List<ApplyOperation>();
        var conflicts = new SortedSet<string>(StringComparer.Ordinal);

        foreach (var operation in applied.Operations)
        {
            var seen = workspace.Stat(operation.Path, out var isBlocked);
            if (isBlocked || workspace.Read(operation.Path, out _) != operation.After.State)
            {
                conflicts.Add(operation.Path);
            }

            if (operation.After.State.Kind == NodeKind.Directory
                && operation.Before.State.Kind != NodeKind.Directory)
            {
                conflicts.UnionWith(workspace.Children(operation.Path).Where(child => !written.Contains(child)));
            }

            operations.Add(new ApplyOperation(
                operation.Path,
                operation.After,
                operation.Before,
                operation.ViewAfter,
                operation.ViewBefore,
                seen));
        }

        if (conflicts.Count > 0)
        {
            return new ApplyOutcome(ApplyStatus.Conflict, 0, [], [], [.. conflicts]);
        }

        var (branch, refusal) = BranchBack(workspace, applied.Branch);
        var plan = new ApplyPlan(number, operations) { Branch = branch };

        return Run(workspace, journal, plan, []) with { BranchRefusal = refusal };
    }

    private ApplyOutcome Run(
        UserTree workspace, ApplyJournal journal, ApplyPlan plan, IReadOnlyList<string> leftOut)
    {
        var number = journal.LastNumber + 1;
        steps?.Before(ApplyStep.WritePlan);
        journal.Begin(number, plan);

        try
        {
            new ApplyWriter(view, workspace, steps).Bring(
                [.. plan.Operations.Select(operation => new ApplyTarget(
                    operation.Path, operation.Before.State, operation.After, operation.Seen))]);
            MoveBranch(workspace, plan.Branch);
        }
        catch (Exception failure) when (failure is ProblemException or IOException)
        {
            Recover(workspace, journal, number, plan);
            if (failure is ApplyWriter.ConflictException conflict)
            {
                return new ApplyOutcome(ApplyStatus.Conflict, 0, [], leftOut, [conflict.Path]);
            }

            throw;
        }

        steps?.Before(ApplyStep.MarkFinished);
        journal.MarkFinished(number);
        Close(workspace, journal, number, plan, isForward: true);
        var status = plan.Undoes > 0 ? ApplyStatus.Undone : ApplyStatus.Applied;

        return new ApplyOutcome(status, number, [.. plan.Operations.Select(operation => operation.Path)], leftOut, [])
        {
            Branch = plan.Branch,
        };
    }

    private void MoveBranch(UserTree workspace, BranchChange? branch)
    {
        if (branch is not null)
        {
            steps?.Before(ApplyStep.MoveBranch);
            new GitBranches(workspace.Root).Move(branch.Name, branch.From, branch.To);
        }
    }

    private static void MoveBranchBack(UserTree workspace, BranchChange? branch)
    {
        var branches = new GitBranches(workspace.Root);
        if (branch is not null)
        {
            branches.Unlock(branch.Name);
            if (branches.Read(branch.Name) == branch.To)
            {
                branches.Move(branch.Name, branch.To, branch.From);
            }
        }
    }

    private void Recover(UserTree workspace, ApplyJournal journal, int number, ApplyPlan plan)
    {
        var isFinished = journal.IsFinished(number);
        if (!isFinished)
        {
            steps?.Before(ApplyStep.RollBack);
            MoveBranchBack(workspace, plan.Branch);
            new ApplyWriter(view, workspace, steps).RollBack(plan);
            journal.MarkRolledBack(number);
        }

        Close(workspace, journal, number, plan, isFinished);
    }

    // The next difference is reckoned from what the user's tree has now; a path that a user has changed in the
    // meantime keeps its old entry and is a conflict next time.
    private void Close(UserTree workspace, ApplyJournal journal, int number, ApplyPlan plan, bool isForward)
    {
        foreach (var operation in plan.Operations)
        {
            var expected = (isForward ? operation.After : operation.Before).State;
            if (workspace.Read(operation.Path, out var stat) == expected)
            {
                view.Rebase.Set(
                    operation.Path,
                    operation.ViewBefore,
                    isForward ? operation.ViewAfter : operation.ViewBefore,
                    expected.Kind == NodeKind.Absent ? null : stat);
            }
        }

        steps?.Before(ApplyStep.WriteRebase);
        view.Rebase.Write(view.Store.Handle, generation: number);
        if (isForward && plan.Undoes > 0)
        {
            journal.MarkUndone(plan.Undoes);
        }

        steps?.Before(ApplyStep.MarkClosed);
        journal.MarkClosed(number);
    }

    // Null where the user has changed the path since the conflicts were looked for.
    private ApplyOperation? Prepare(UserTree workspace, ViewChange change)
    {
        var before = workspace.Read(change.Path, out var stat);
        var seen = before.Kind == NodeKind.Absent ? (FileStat?)null : stat;
        var isUntouched = workspace.IsUntouched(view, change.Path);
        if (!isUntouched || before.Content == NodeState.Lost)
        {
            return null;
        }

        if (before.Kind == NodeKind.File && !view.Store.Objects.Has(before.Content))
        {
            steps?.Before(ApplyStep.KeepOriginal);
            using var original = workspace.OpenFile(change.Path);
            if (view.Store.Objects.Put(original) != before.Content)
            {
                return null;
            }
        }

        var owner = OwnerOf(workspace, seen);
        var after = change.After with { Mode = ModeOf(change, seen) };

        return new ApplyOperation(
            change.Path,
            new OwnedState(before, seen is null ? null : owner, seen?.ModifiedAt),
            new OwnedState(after, owner, ModifiedAt: null),
            change.Before,
            change.After,
            seen);
    }

    // The mode of the original stays where the view did not change it; what the view changed is taken from there.
    private static int ModeOf(ViewChange change, FileStat? seen)
    {
        var isKept = seen is not null
            && change.Before.Kind == change.After.Kind
            && change.Before.Mode == change.After.Mode;
        var setId = seen?.Kind == FileKind.Directory ? seen.Value.Permissions & 0xC00 : 0;

        return isKept && change.After.Kind != NodeKind.Link ? seen!.Value.Permissions : change.After.Mode | setId;
    }

    // A new file belongs to whom the workspace belongs to. Who is not root cannot give files away.
    private static (uint User, uint Group)? OwnerOf(UserTree workspace, FileStat? seen)
    {
        var stat = seen ?? TreeFiles.Stat(workspace.Root);
        var isOwn = stat.User == Native.EffectiveUser() && stat.Group == Native.EffectiveGroup();

        return isOwn || (seen is null && Native.EffectiveUser() != 0) ? null : (stat.User, stat.Group);
    }
}
