using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Hosting;

/// <summary>What a person does with the changes of a run. Each is journaled before it happens.</summary>
public sealed partial class ReeveHost
{
    public async Task<IReadOnlyList<Change>> DiffAsync(RunKey run, CancellationToken cancellationToken)
    {
        await RecordAsync(run, cancellationToken);
        using var view = await ReopenAsync(run, cancellationToken);
        return await view.DiffAsync(cancellationToken);
    }

    public Task<ApplyReport> ApplyAsync(
        RunKey run, bool includeIgnored, string? reviewedTree, CancellationToken cancellationToken) =>
        ChangeAsync(run, async (holder, view, transaction) =>
        {
            var tree = reviewedTree is null
                ? await view.DigestAsync(cancellationToken) : new TreeDigest(reviewedTree);
            await holder.AppendAsync(draft => new ChangesApplying(
                IsUndo: false, holder.Journal.Sealer.NameOf("tree", tree.Hex), draft.Payload("a person")));

            var outcome = await transaction.ApplyAsync(
                new ApplyOptions(includeIgnored, $"reeve/{run.Run}"), tree, cancellationToken);

            if (outcome.Status == ApplyStatus.Applied)
            {
                await holder.AppendAsync(draft => new ChangesApplied(
                    $"{outcome.Number}", holder.Journal.Sealer.NameOf("tree", tree.Hex), outcome.Written.Count,
                    draft.Payload(TextOf(outcome))));
                _ledger.Add(holder.WorkspaceId, run.Run.ToString());
            }

            return Report(outcome);
        }, cancellationToken);

    public Task<ApplyReport> UndoAsync(RunKey run, CancellationToken cancellationToken) =>
        ChangeAsync(run, async (holder, view, transaction) =>
        {
            var tree = await view.DigestAsync(cancellationToken);
            await holder.AppendAsync(draft => new ChangesApplying(
                IsUndo: true, holder.Journal.Sealer.NameOf("tree", tree.Hex), draft.Payload("a person")));

            var outcome = await transaction.UndoAsync(cancellationToken);

            if (outcome.Status == ApplyStatus.Undone)
            {
                await holder.AppendAsync(draft => new ChangesUndone(
                    $"{outcome.Number}", outcome.Written.Count, draft.Payload(TextOf(outcome))));
                _ledger.Add(holder.WorkspaceId, run.Run.ToString());
            }

            return Report(outcome);
        }, cancellationToken);

    public async Task DiscardAsync(RunKey run, CancellationToken cancellationToken)
    {
        await using var holder = await RunHolder.TakeAsync(_services, await RecordAsync(run, cancellationToken),
            cancellationToken);
        Problem.ThrowUnless(
            holder.State.IsFinished, "run.not_finished", "The run is not finished; cancel it first: `reeve cancel`.");

        // A crash may have come between the two: then only the second remains to be done.
        if (!holder.State.IsDiscarded)
        {
            await holder.AppendAsync(draft => new ChangesDiscarded(draft.Payload("a person")));
        }

        await WorkspaceViews.DiscardAsync(RunPlaces.DirectoryOf(_options.DataDirectory, run), cancellationToken);
    }

    private async Task<ApplyReport> ChangeAsync(
        RunKey run,
        Func<RunHolder, WorkspaceView, ApplyTransaction, Task<ApplyReport>> change,
        CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        await using var holder = await RunHolder.TakeAsync(_services, record, cancellationToken);
        Problem.ThrowUnless(
            holder.State.IsFinished, "run.not_finished",
            "The run is not finished; let it end (`reeve resume`) or cancel it (`reeve cancel`) first.");
        using var view = await ReopenAsync(run, cancellationToken);
        var transaction = new ApplyTransaction(view, _options.ApplySteps);

        // What a crash interrupted is ended first, one way or the other.
        await transaction.RecoverAsync(cancellationToken);
        await RecordRecoveryAsync(holder, view, transaction, cancellationToken);
        return await change(holder, view, transaction);
    }

    /// <summary>What the user's tree has is what the journal says, also where a crash came between the two.</summary>
    private async Task RecordRecoveryAsync(
        RunHolder holder, WorkspaceView view, ApplyTransaction transaction, CancellationToken cancellationToken)
    {
        var applied = await transaction.LastAppliedAsync(cancellationToken);
        var number = applied is null ? "" : $"{applied.Number}";

        if (number == holder.State.AppliedTransaction)
        {
            return;
        }

        var tree = holder.Journal.Sealer.NameOf("tree", (await view.DigestAsync(cancellationToken)).Hex);
        await holder.AppendAsync(draft => applied is null
            ? new ChangesUndone(holder.State.AppliedTransaction, 0, draft.Payload(""))
            : new ChangesApplied(number, tree, applied.Written.Count, draft.Payload(string.Join('\n', applied.Written))));
        _ledger.Add(holder.WorkspaceId, holder.Journal.Run.Run.ToString());
    }

    private async Task<WorkspaceView> ReopenAsync(RunKey run, CancellationToken cancellationToken) =>
        await _views.TryReopenAsync(RunPlaces.DirectoryOf(_options.DataDirectory, run), cancellationToken)
        ?? throw new ProblemException(
            new Problem("view.not_found",
                "This run has no changes to look at: it was discarded, or it never opened its view."));

    private static ApplyReport Report(ApplyOutcome outcome) => new(
        outcome.Status is ApplyStatus.Applied or ApplyStatus.Undone, outcome.Written, outcome.Conflicts,
        outcome.LeftOut)
    {
        Branch = outcome.Branch?.Name ?? "",
        Commit = outcome.Branch?.To ?? "",
        BranchProblem = outcome.BranchRefusal?.Message ?? "",
    };

    private static string TextOf(ApplyOutcome outcome) => string.Join(
        '\n',
        outcome.Branch is { } branch
            ? [.. outcome.Written, $"branch {branch.Name} {branch.To ?? "removed"}"] : outcome.Written);
}
