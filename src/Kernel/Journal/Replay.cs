using System.Security.Cryptography;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal;

/// <summary>Reproduces a run from its journal, entry for entry, without network, model or sandbox.</summary>
/// <remarks>
/// Recorded results are fed in recorded order; every intent — what was decided, reserved, asked, started, refused —
/// is computed anew by the planner, the gate and the budget, and must come out as it was recorded. A result that no
/// planned step could have given is named as well.
/// </remarks>
public sealed class Replay
{
    private readonly RunWorker _worker;
    private readonly Intents _intents;
    private readonly Queue<EventDraft> _expected = new();
    private RunState _state = RunState.Empty;

    private Replay(RunWorker worker)
    {
        _worker = worker;
        _intents = new Intents(worker);
    }

    /// <returns>How many entries were reproduced, the head, and what did not come out the same.</returns>
    public static async Task<(long Entries, ChainHash Head, JournalFault? Fault)> RunAsync(
        RunServices services, RunRecord record, CancellationToken cancellationToken)
    {
        using var sealer = new PayloadSealer(
            record.Run, services.Keys.KeyOf(record), services.Entropy);
        var memory = new RunMemory(record.Run, services.Store, sealer);
        var journal = new RunJournal(
            record.Run, services.Store, sealer, services.Time, new Actor(ActorKind.Worker, "", ""), default);
        var verifier = new JournalVerifier(record.Run);
        var replay = default(Replay);

        await foreach (var stored in services.Store.ReadAsync(record.Run, 1, cancellationToken))
        {
            var (entry, fault) = verifier.Take(stored);

            if (fault is not null)
            {
                return (verifier.Entries, verifier.Head, fault);
            }

            replay ??= new Replay(await WorkerAsync(services, journal, memory, entry!, cancellationToken));

            if (await replay.TakeAsync(entry!, cancellationToken) is { } divergence)
            {
                return (verifier.Entries, verifier.Head, divergence);
            }
        }

        return (verifier.Entries, verifier.Head, verifier.Finish(record.HeadSequence, record.Head));
    }

    private static async Task<RunWorker> WorkerAsync(
        RunServices services, RunJournal journal, RunMemory memory, RunEvent first, CancellationToken cancellationToken)
    {
        var admitted = first.Body as RunAdmitted
            ?? throw new ProblemException(new Problem("replay.diverged", "The first entry does not admit a run."));
        var mandate = await memory.BytesAsync(admitted.Mandate, cancellationToken);

        return new RunWorker(services, journal, memory)
        {
            Observer = new SilentObserver(),
            Terms = RunTerms.FromBytes(await memory.BytesAsync(admitted.Terms, cancellationToken)),
            Mandate = mandate,
            Gate = services.Gates(mandate),
            ModelAt = _ => new NoModel(),
        };
    }

    private async Task<JournalFault?> TakeAsync(RunEvent entry, CancellationToken cancellationToken)
    {
        var isSame = IsIntent(entry)
            ? await IsReproducedAsync(entry, cancellationToken)
            : IsPossible(entry);

        if (!isSame)
        {
            return new JournalFault(
                entry.Sequence, "replay.diverged", "The entry does not follow from what was recorded before it.");
        }

        if (entry.Body is LabelInterned label)
        {
            await _worker.Memory.LoadLabelsAsync([label.Definition], cancellationToken);
        }

        _state = RunFold.Apply(_state, entry);
        return null;
    }

    private bool IsIntent(RunEvent entry) => _expected.Count > 0 || entry.Body is ModelRequested or ModelRouted
        or ToolDecided or ApprovalRequested or ToolStarted or CheckStarted or OutputChecked or BudgetWarned
        || (entry.Body is ToolInDoubt && Steps().Any(step => step is ParkInDoubt))
        || (entry.Body is ToolFinished { Outcome: ToolOutcome.Refused }
            && Steps().OfType<IntentStep>().Any(step => step is RefuseCall or StartTool));

    private IEnumerable<Step> Steps() => Planner.Next(_state);

    private async Task<bool> IsReproducedAsync(RunEvent entry, CancellationToken cancellationToken)
    {
        if (_expected.Count == 0)
        {
            if (Steps().OfType<IntentStep>().FirstOrDefault() is not { } step)
            {
                return false;
            }

            foreach (var draft in await _intents.DraftAsync(step, _state, cancellationToken))
            {
                _worker.Memory.Remember(draft);
                _expected.Enqueue(draft);
            }
        }

        var expected = _expected.Dequeue();
        return entry.Call == expected.Call && entry.Label == LabelOf(expected)
            && await TextOfAsync(entry.Body, entry.Payloads, cancellationToken)
                == await TextOfAsync(expected.Body, expected.Commitments(), cancellationToken);
    }

    private LabelId? LabelOf(EventDraft draft) =>
        draft.Labelled is { } label ? _worker.Memory.Find(label) : draft.Label;

    /// <summary>The body with each commitment replaced by a digest of what it commits to: salts differ, words
    /// do not.</summary>
    private async Task<string> TextOfAsync(
        EventBody body, IReadOnlyList<PayloadRef> payloads, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(EventTypes.Encode(body));

        foreach (var payload in payloads)
        {
            var plain = await _worker.Memory.BytesAsync(payload, cancellationToken);
            text = text.Replace(payload.Hex, Convert.ToHexString(SHA256.HashData(plain)), StringComparison.Ordinal);
        }

        return EventTypes.NameOf(body) + text;
    }

    /// <summary>Whether a step that may run now could have given this result.</summary>
    private bool IsPossible(RunEvent entry)
    {
        if (_state.IsCancelRequested || _state.LimitReached is not null)
        {
            return entry.Body is not RunFinished finished
                || Steps().OfType<FinishRun>().Any(step => step.Status == finished.Status);
        }

        return entry.Body switch
        {
            ViewOpened => Steps().Any(step => step is OpenView),
            SandboxVerified or SandboxRefused => Steps().Any(step => step is VerifySandbox),
            GuidanceRead { FolderId.Length: > 0 } =>
                Steps().OfType<InvokeTool>().Any(step => step.Call == entry.Call),
            HookFinished body => Steps().OfType<AskHooks>().Any(
                step => step.Point == body.Point && step.Call == (entry.Call ?? default)),
            ModelReplied or ModelFailed => Steps().Any(step => step is CallModel),
            ContextCompacted => Steps().Any(step => step is CallModel or CompactPlainly),
            WaitElapsed => Steps().Any(step => step is Wait),
            ToolRecovering => Steps().OfType<InvokeTool>().Any(step => step.Call == entry.Call),
            ToolFinished or ViewCheckpointed => Steps().OfType<InvokeTool>().Any(step => step.Call == entry.Call)
                || Steps().OfType<AskWhetherItHappened>().Any(step => step.Call == entry.Call),
            ToolInDoubt => Steps().OfType<AskWhetherItHappened>().Any(step => step.Call == entry.Call),
            ViewRestored => Steps().OfType<RestoreView>().Any(step => step.Call == entry.Call),
            CheckFinished body => Steps().OfType<RunCheck>().Any(step => step.Criterion == body.Criterion),
            RunFinished body => _state.View is null || Steps().OfType<FinishRun>().Any(
                step => step.Status == body.Status && step.Reason == body.Reason),
            _ => true,
        };
    }

    private sealed class NoModel : IModel
    {
        public string Name => "replay";

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A replay calls no model.");
    }
}
