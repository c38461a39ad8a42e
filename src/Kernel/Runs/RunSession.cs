using Reeve.Authority;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;

namespace Reeve.Kernel.Runs;

/// <summary>Holds the lease of one run, reads its journal and carries it on.</summary>
/// <remarks>Two processes never advance the same run: the lease is exclusive and every append is fenced by its
/// epoch.</remarks>
public sealed class RunSession(RunServices services)
{
    private const int RenewalsPerLease = 3;

    /// <exception cref="ProblemException">
    /// <c>run.not_found</c>; <c>run.busy</c> while a living process works on it; <c>run.fenced</c> when the
    /// lease was lost.
    /// </exception>
    public async Task<RunState> ContinueAsync(
        RunKey run, IRunObserver observer, RunLoopOptions options, CancellationToken stop)
    {
        var record = await services.Store.FindAsync(run, stop);
        Problem.ThrowUnless(record is not null, "run.not_found", "There is no such run; `reeve runs` lists them.");

        var lease = await services.Store.TryLeaseAsync(
            run, services.Owner, services.LeaseDuration, services.IsDead, stop);
        Problem.ThrowUnless(
            lease is not null, "run.busy", "Another process works on this run; `reeve show` follows it.");

        using var lost = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lost.Token);
        var renewing = RenewAsync(lease, lost.CancelAsync, either.Token);

        try
        {
            return await WorkAsync(record, lease, observer, options, either.Token);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
            await ReleaseAsync(lease);
        }
    }

    private async Task<RunState> WorkAsync(
        RunRecord record, Lease lease, IRunObserver observer, RunLoopOptions options, CancellationToken stop)
    {
        var opened = await OpenedRun.OpenAsync(services, record, onEntry: null, stop);
        var state = opened.State;

        if (state.IsFinished)
        {
            opened.Dispose();
            return state;
        }

        var isNew = state.Epoch == 0;
        opened.Journal.Continue(state.Sequence, opened.Head, lease.Epoch);
        var terms = RunTerms.FromBytes(await opened.Memory.BytesAsync(state.Admitted!.Terms, stop));
        var mandate = await opened.Memory.BytesAsync(state.Admitted.Mandate, stop);

        await using var worker = new RunWorker(services, opened.Journal, opened.Memory)
        {
            Observer = observer,
            Terms = terms,
            Mandate = mandate,
            Gate = services.Gates(mandate),
            ModelAt = ChainOf(state),
        };

        var cause = state.IsParked ? ResumeCause.Continued : ResumeCause.Recovered;
        var entry = worker.Journal.Prepare(worker.Journal.Draft().Of(new RunResumed(lease.Epoch, cause)));
        state = RunFold.Apply(state, entry);

        // Of a new run nothing can have been begun: its first append takes this entry along.
        if (!isNew)
        {
            await worker.Journal.AppendAsync(Projection.Of(state), create: null, inboxTakenThrough: null,
                CancellationToken.None);
            worker.Observer.OnEntry(entry, state, _ => "");
        }

        if (state.View is not null)
        {
            await new PlaceActs(worker).ReopenAsync(state, stop);
        }

        using var loop = new RunLoop(worker, state, options);
        return await loop.RunAsync(stop);
    }

    // Each is made once, when it is first asked: one that is never needed may not even be there any more.
    private Func<int, IModel> ChainOf(RunState state)
    {
        var models = Enumerable.Range(0, state.ModelCount)
            .Select(index => new Lazy<IModel>(() => services.Model(state.TermsOf(index).Name))).ToList();

        // That the first is missing is said before anything is done, unless none is ever asked.
        _ = state.Admitted!.Origin is { Kind: OriginKind.Rewind, HasPrompt: false } ? null : models[0].Value;

        return index => models[index].Value;
    }

    // It runs out by itself; what the work came to is not lost for it.
    private async Task ReleaseAsync(Lease lease)
    {
        try
        {
            await services.Store.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // The disk may be full.
        }
    }

    /// <returns>False when it was lost, null when the store cannot tell now.</returns>
    private async Task<bool?> TryRenewAsync(Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Store.RenewAsync(lease, services.LeaseDuration, cancellationToken);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    private async Task RenewAsync(Lease lease, Func<Task> lose, CancellationToken cancellationToken)
    {
        var failures = 0;

        try
        {
            // Ends: with the work, with the lease, or when it could not be renewed for as long as it lasts.
            while (failures < RenewalsPerLease)
            {
                await Task.Delay(services.LeaseDuration / RenewalsPerLease, services.Time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                failures = await TryRenewAsync(lease, cancellationToken) switch
                {
                    true => 0,
                    false => RenewalsPerLease,
                    null => failures + 1,
                };
            }

            await lose();
        }
        catch (OperationCanceledException)
        {
            // The work is over, or the worker goes.
        }
    }
}
