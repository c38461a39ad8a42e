using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Runs;

/// <summary>Holds the lease of a run for as long as a person's command writes to its journal.</summary>
internal sealed class RunHolder : IAsyncDisposable
{
    private readonly RunServices _services;
    private readonly OpenedRun _opened;
    private readonly Lease _lease;

    private RunHolder(RunServices services, OpenedRun opened, Lease lease)
    {
        _services = services;
        _opened = opened;
        _lease = lease;
        State = opened.State;
    }

    public RunState State { get; private set; }

    public RunJournal Journal => _opened.Journal;

    /// <summary>Names the workspace of the run among those of this data directory.</summary>
    public string WorkspaceId => _opened.Record.WorkspaceId;

    /// <exception cref="ProblemException"><c>run.busy</c> while another process works on the run.</exception>
    public static async Task<RunHolder> TakeAsync(
        RunServices services, RunRecord record, CancellationToken cancellationToken)
    {
        var lease = await services.Store.TryLeaseAsync(
            record.Run, services.Owner, services.LeaseDuration, services.IsDead, cancellationToken);
        Problem.ThrowUnless(lease is not null, "run.busy",
            "Another process works on this run; wait for it or cancel it.");

        try
        {
            // Read anew: the record may be older than the lease.
            var current = await services.Store.FindAsync(record.Run, cancellationToken);
            var opened = await OpenedRun.OpenAsync(services, current!, onEntry: null, cancellationToken);
            opened.Journal.Continue(opened.State.Sequence, opened.Head, lease.Epoch);
            return new RunHolder(services, opened, lease);
        }
        catch
        {
            await services.Store.ReleaseAsync(lease, CancellationToken.None);
            throw;
        }
    }

    public async Task AppendAsync(Func<EventDraft, EventBody> body)
    {
        var draft = Journal.Draft(LabelId.BuiltIn);
        draft.Of(body(draft));
        State = RunFold.Apply(State, Journal.Prepare(draft));
        await Journal.AppendAsync(
            Projection.Of(State), create: null, inboxTakenThrough: null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _opened.Dispose();
        await _services.Store.ReleaseAsync(_lease, CancellationToken.None);
    }
}
