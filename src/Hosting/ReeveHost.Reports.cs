using System.Runtime.CompilerServices;
using System.Text;
using Reeve.Authority;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting;

/// <summary>Readings of journals: everything shown of a run comes from its entries.</summary>
public sealed partial class ReeveHost
{
    /// <summary>Runs one list shows at most.</summary>
    public const int ListMax = 1_000;

    public async Task<IReadOnlyList<RunLine>> ListAsync(
        string? workspace, int countMax, CancellationToken cancellationToken)
    {
        var id = workspace is null ? null : _keys.Pseudonym(workspace);
        var records = await _services.Store.ListAsync(
            TenantId.Local, id, Math.Min(countMax, ListMax), cancellationToken);
        var lines = new List<RunLine>(records.Count);

        foreach (var record in records)
        {
            lines.Add(await LineOfRunAsync(record, cancellationToken));
        }

        return lines;
    }

    private async Task<RunLine> LineOfRunAsync(RunRecord record, CancellationToken cancellationToken)
    {
        var projection = record.Projection;

        return new RunLine(
            record.Run, projection.Status, projection.Reason, projection.Proof,
            await GoalAsync(record, cancellationToken), record.CreatedAt, projection.CostDollars,
            projection.Tokens, projection.Turns)
        {
            IsStale = IsStale(record),
        };
    }

    public async Task<RunReport> ReportAsync(RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        var tally = new BillTally();
        using var opened = await OpenedRun.OpenAsync(_services, record, tally.Take, cancellationToken);
        var state = opened.State;
        var memory = opened.Memory;
        var terms = RunTerms.FromBytes(await memory.BytesAsync(state.Admitted!.Terms, cancellationToken));
        var result = state.Finished is { } finished ? await memory.TextAsync(finished.Result, cancellationToken) : "";
        var problem = await memory.TextAsync(tally.LatestProblem, cancellationToken);
        var (changes, branch) = await ChangedPathsAsync(run, state, cancellationToken);

        return new RunReport(
            run, state.Status, state.Reason, state.Finished?.Proof ?? ProofLevel.None,
            Shown(await memory.TextAsync(state.Admitted.Goal, cancellationToken)), terms.Workspace,
            state.Admitted.Model.Name, Shown(result), state.Status == RunStatus.Failed ? Shown(problem) : "",
            [.. terms.Criteria.Zip(state.Criteria, (command, criterion) =>
                new CriterionReport(Shown(command), criterion.Outcome, criterion.ExitCode))],
            changes, tally.Bill(state),
            state.AdmittedAt, state.Now, state.Turn, state.AppliedTransaction.Length > 0, state.IsDiscarded,
            await PendingAsync(opened, cancellationToken),
            [.. state.Calls.Where(call => call.Stage == CallStage.InDoubt).Select(call => call.Id.ToString())])
        {
            Apply = terms.Apply,
            Warned = state.Warned,
            WarnAtPercent = state.Limits.WarnAtPercent,
            IsStructured = terms.OutputSchema.Length > 0 && result.Length > 0,
            IsStale = IsStale(record),
            Branch = branch,
            Todo = Shown(await memory.TextAsync(state.Todo, cancellationToken)),
        };
    }

    public async IAsyncEnumerable<ShownEntry> EntriesAsync(
        RunKey run, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        using var sealer = new PayloadSealer(run, _keys.KeyOf(record), _services.Entropy);
        var memory = new RunMemory(run, _services.Store, sealer);

        await foreach (var stored in _services.Store.ReadAsync(run, fromSequence, cancellationToken))
        {
            var entry = EventEnvelope.Decode(stored.Bytes);
            var texts = new Dictionary<PayloadRef, string>();

            foreach (var payload in entry.Payloads)
            {
                texts[payload] = Shown(await memory.TextAsync(payload, cancellationToken));
            }

            yield return new ShownEntry(entry, texts);
        }
    }

    public string Redact(string text) => Shown(text);

    public async Task<JournalReport> VerifyAsync(RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        using var sealer = new PayloadSealer(run, _keys.KeyOf(record), _services.Entropy);
        var verifier = new JournalVerifier(run);
        var fault = await FaultOfEntriesAsync(run, verifier, sealer, cancellationToken)
            ?? verifier.Finish(record.HeadSequence, record.Head)
            ?? await OriginCheck.FaultAsync(_services.Store, run, cancellationToken);

        return new JournalReport(verifier.Entries, verifier.Head.ToString(), fault);
    }

    private async Task<JournalFault?> FaultOfEntriesAsync(
        RunKey run, JournalVerifier verifier, PayloadSealer sealer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var stored in _services.Store.ReadAsync(run, 1, cancellationToken))
            {
                var (entry, fault) = verifier.Take(stored);
                fault ??= await FaultOfPayloadsAsync(run, entry!, sealer, cancellationToken);

                if (fault is not null)
                {
                    return fault;
                }
            }
        }
        catch (ProblemException damage) when (damage.Problem.Code == "store.corrupt")
        {
            // The store hands out no entry that does not match its own hash: the walk ends at this one.
            return new JournalFault(verifier.Entries + 1, "journal.altered",
                "The entry is not what was written, or is missing.");
        }

        return null;
    }

    public async Task<JournalReport> ReplayAsync(RunKey run, CancellationToken cancellationToken)
    {
        var (entries, head, fault) = await Replay.RunAsync(
            _services, await RecordAsync(run, cancellationToken), cancellationToken);
        return new JournalReport(entries, head.ToString(), fault);
    }

    /// <summary>An erased payload is no fault: what was committed to can no longer be read, by design.</summary>
    private async Task<JournalFault?> FaultOfPayloadsAsync(
        RunKey run, RunEvent entry, PayloadSealer sealer, CancellationToken cancellationToken)
    {
        foreach (var payload in entry.Payloads)
        {
            try
            {
                if (await _services.Store.PayloadAsync(run, payload, cancellationToken) is { } stored)
                {
                    sealer.Open(payload, stored);
                }
            }
            catch (ProblemException refusal)
            {
                return new JournalFault(entry.Sequence, refusal.Problem.Code, refusal.Problem.Message);
            }
        }

        return null;
    }

    private async Task<string> GoalAsync(RunRecord record, CancellationToken cancellationToken)
    {
        using var sealer = new PayloadSealer(
            record.Run, _keys.KeyOf(record), _services.Entropy);
        var goal = await _services.Store.PayloadAsync(record.Run, record.Projection.Goal, cancellationToken);
        return goal is null ? "(erased)" : Shown(Encoding.UTF8.GetString(sealer.Open(record.Projection.Goal, goal)));
    }

    // What a person or the model wrote is kept as it is, and may hold a secret.
    private string Shown(string text) => _services.Redactor.Redact(text);

    // A run that is gone has nothing to be stale, and one that never met its workspace neither.
    private bool IsStale(RunRecord record)
    {
        var view = RunPlaces.DirectoryOf(_options.DataDirectory, record.Run);

        return WorkspaceViews.Exists(view)
            && _ledger.IsStale(record.WorkspaceId, view, record.Run.Run.ToString());
    }

    /// <summary>What was applied, and after it what was not.</summary>
    private async Task<(IReadOnlyList<ChangedPath> Changes, string Branch)> ChangedPathsAsync(
        RunKey run, RunState state, CancellationToken cancellationToken)
    {
        if (!state.IsFinished || state.View is null || state.IsDiscarded)
        {
            return ([], "");
        }

        using var view = await ReopenAsync(run, cancellationToken);
        var applied = state.AppliedTransaction.Length > 0
            ? await view.AppliedAsync(cancellationToken) : AppliedChanges.None;
        var left = await view.DiffAsync(cancellationToken);

        return (
            [
                .. applied.Changes.Select(change => Shown(change) with { IsApplied = true }),
                .. left.Select(Shown),
            ],
            applied.Branch?.Name ?? "");

        static ChangedPath Shown(Kernel.Views.Change change) => new(
            change.Path, Word(change.Kind), change.LinesAdded, change.LinesRemoved, TestPaths.IsTest(change.Path),
            change.IsIgnored, change.IsRefused);
    }

    private static string Word(Kernel.Views.ChangeKind kind) => kind switch
    {
        Kernel.Views.ChangeKind.Modified => "modified",
        Kernel.Views.ChangeKind.Added => "added",
        Kernel.Views.ChangeKind.Deleted => "deleted",
        Kernel.Views.ChangeKind.ModeChanged => "mode_changed",
        Kernel.Views.ChangeKind.TypeChanged => "type_changed",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static async Task<IReadOnlyList<PendingApproval>> PendingAsync(
        OpenedRun opened, CancellationToken cancellationToken)
    {
        var pending = new List<PendingApproval>();

        foreach (var call in opened.State.Calls.Where(call => call.Stage == CallStage.WaitsForApproval))
        {
            var action = ProposedAction.FromBytes(await opened.Memory.BytesAsync(call.Action, cancellationToken));
            pending.Add(new PendingApproval(
                call.Action.Hex, action.Tool, action.Arguments, action.Reason, call.ApprovalExpiresAt)
            {
                Rules = action.Rules.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                PersonsLeft = call.PersonsNeeded - call.Approvers.Length,
            });
        }

        return pending;
    }
}
