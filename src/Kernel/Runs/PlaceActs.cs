using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Views;

namespace Reeve.Kernel.Runs;

/// <summary>Opens, checks and restores the place where a run acts, and ends the run on its final tree.</summary>
internal sealed class PlaceActs(RunWorker worker)
{
    /// <summary>First opening: the tree as it is becomes the one that changes are counted from.</summary>
    public async Task<IReadOnlyList<EventDraft>> OpenAsync(RunState state, CancellationToken cancellationToken)
    {
        try
        {
            await EnsureOpenAsync(cancellationToken);
            await BringOriginAsync(state.Admitted!.Origin, cancellationToken);
        }
        catch (ProblemException refusal)
        {
            return [Failed(refusal.Problem)];
        }

        var digest = await worker.Place!.View.CheckpointAsync(cancellationToken);
        var draft = worker.Journal.Draft(LabelId.BuiltIn);

        return [draft.Of(new ViewOpened(
            worker.Place.View.Kind.ToString().ToLowerInvariant(), draft.Payload(digest.Hex),
            worker.TreeIdOf(digest)))];
    }

    /// <summary>Another worker had it open: whatever it left unfinished in the tree is taken back.</summary>
    public async Task ReopenAsync(RunState state, CancellationToken cancellationToken)
    {
        await EnsureOpenAsync(cancellationToken);
        await RestoreTreeAsync(state, cancellationToken);
    }

    public async Task<IReadOnlyList<EventDraft>> VerifyAsync(CancellationToken cancellationToken)
    {
        var draft = worker.Journal.Draft(LabelId.BuiltIn);

        try
        {
            var report = await worker.Place!.VerifySandboxAsync(cancellationToken);
            return [draft.Of(new SandboxVerified(
                report.Tier, report.Profile, report.Filter, report.ProbesTotal, report.ProbesTotal,
                (long)report.Took.TotalMilliseconds))];
        }
        catch (ProblemException refusal)
        {
            var detail = draft.Payload(refusal.Problem.Message);
            return [draft.Of(new SandboxRefused(refusal.Problem.Code, detail))];
        }
    }

    public async Task<IReadOnlyList<EventDraft>> RestoreAsync(
        RestoreView step, RunState state, CancellationToken cancellationToken)
    {
        await RestoreTreeAsync(state, cancellationToken);
        return
        [
            worker.Journal.Draft(LabelId.BuiltIn, step.Call.Sequence, step.Call).Of(new ViewRestored(state.TreeId)),
        ];
    }

    public async Task RestoreTreeAsync(RunState state, CancellationToken cancellationToken)
    {
        var view = worker.Place!.View;
        var present = worker.TreeIdOf(await view.DigestAsync(cancellationToken));

        if (present != state.TreeId)
        {
            var digest = await worker.Memory.TextAsync(state.Tree, cancellationToken);
            await view.RestoreAsync(new TreeDigest(digest), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<EventDraft>> FinishAsync(
        FinishRun step, RunState state, CancellationToken cancellationToken)
    {
        // A call or check that was ended in the middle may have left something in the tree.
        if (worker.Place is not null && state.View is not null)
        {
            await RestoreTreeAsync(state, cancellationToken);
        }

        IReadOnlyList<Change> changes = worker.Place is null
            ? [] : await worker.Place.View.DiffAsync(cancellationToken);
        var proof = step.Status == RunStatus.Succeeded ? Completion.Of(state).Proof : ProofLevel.None;
        var text = await ResultTextAsync(state, cancellationToken);
        var draft = worker.Draft(worker.LabelOfContext(state));
        var applicable = changes.Where(change => !change.IsIgnored).ToList();

        return [draft.Of(new RunFinished(
            step.Status, step.Reason, proof, draft.Payload(text), state.Tree, state.TreeId, applicable.Count,
            applicable.Count(change => TestPaths.IsTest(change.Path))))];
    }

    /// <summary>What a run goes on from is the tree that was copied for it, and no other.</summary>
    private async Task BringOriginAsync(RunOrigin? origin, CancellationToken cancellationToken)
    {
        if (origin is null)
        {
            return;
        }

        var wanted = new TreeDigest(await worker.Memory.TextAsync(origin.Tree, cancellationToken));

        if (await worker.Place!.View.DigestAsync(cancellationToken) != wanted)
        {
            await worker.Place.View.RestoreAsync(wanted, cancellationToken);
        }
    }

    private async Task<string> ResultTextAsync(RunState state, CancellationToken cancellationToken)
    {
        if (!state.Hooks.GoalRefusal.IsNone)
        {
            return await worker.Memory.TextAsync(state.Hooks.GoalRefusal, cancellationToken);
        }

        // An answer that was not found to fit its schema is no result, however the run ends.
        var isAnswer = state.HasClaim && (!state.OwesOutput || state.IsOutputFitting);
        var claim = isAnswer ? state.Claim : state.LastClaim;

        if (claim.IsNone)
        {
            return "";
        }

        var text = await worker.ClaimTextAsync(claim, state, cancellationToken);
        return state.OwesOutput ? StructuredAnswer.Read(text) ?? "" : text;
    }

    private async Task EnsureOpenAsync(CancellationToken cancellationToken) => worker.Place ??=
        await worker.Services.Places.OpenAsync(
            worker.Journal.Run, worker.Terms, worker.Mandate, cancellationToken);

    private EventDraft Failed(Problem problem)
    {
        var draft = worker.Journal.Draft(LabelId.BuiltIn);
        return draft.Of(new RunFinished(
            RunStatus.Failed, problem.Code, ProofLevel.None, draft.Payload(problem.Message),
            PayloadRef.None, "", 0, 0));
    }
}
