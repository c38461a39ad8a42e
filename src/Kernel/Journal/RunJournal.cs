using System.Collections.Immutable;
using Reeve.Authority.Labels;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal;

/// <summary>The writing end of one run's journal: numbers, chains and seals what is appended.</summary>
/// <remarks>
/// It has one owner, who holds the lease. Entries are prepared one after another, so that a state may be folded on
/// them in advance, and become real together when the store says so; what failed to be appended never happened.
/// </remarks>
public sealed class RunJournal(
    RunKey run, IRunStore store, PayloadSealer sealer, TimeProvider time, Actor actor, TraceContext trace)
{
    private readonly List<StoredEvent> _events = [];
    private readonly List<StoredPayload> _payloads = [];
    private readonly EnvelopeWriter _writer = new();
    private long _sequence;
    private ChainHash _head;
    private long _durableSequence;
    private ChainHash _durableHead;

    public RunKey Run => run;

    public PayloadSealer Sealer => sealer;

    public int Epoch { get; private set; }

    public bool HasPrepared => _events.Count > 0;

    /// <summary>Goes on after the entries that are there, under a lease.</summary>
    public void Continue(long sequence, ChainHash head, int epoch)
    {
        (_sequence, _head, Epoch) = (sequence, head, epoch);
        (_durableSequence, _durableHead) = (sequence, head);
        _events.Clear();
        _payloads.Clear();
    }

    public EventDraft Draft(LabelId label = default, long causedBy = 0, CallId? call = null) =>
        new(sealer, label, causedBy, call);

    /// <summary>Gives an entry its place in the chain. It is not durable before <see cref="AppendAsync"/>
    /// returns.</summary>
    public RunEvent Prepare(EventDraft draft)
    {
        var entry = new RunEvent(
            run.Tenant, run.Run, _sequence + 1, Epoch, time.GetUtcNow(), actor, draft.CausedBy, draft.Call, trace,
            draft.Label, draft.Commitments(), draft.Body, _head, default);
        var bytes = EventEnvelope.Encode(entry, _writer);
        entry = entry with { Self = ChainHash.Of(bytes) };

        _events.Add(new StoredEvent(entry.Sequence, Epoch, EventTypes.NameOf(draft.Body), bytes, entry.Self));
        _payloads.AddRange(draft.Payloads);
        (_sequence, _head) = (entry.Sequence, entry.Self);
        return entry;
    }

    /// <summary>Makes all prepared entries durable, together or not at all.</summary>
    public async Task AppendAsync(
        RunProjection projection, NewRun? create, long? inboxTakenThrough, CancellationToken cancellationToken)
    {
        var request = new AppendRequest(
            run, _durableSequence, _durableHead, Epoch, [.. _events], [.. _payloads], projection, create,
            inboxTakenThrough);
        await store.AppendAsync(request, cancellationToken);

        (_durableSequence, _durableHead) = (_sequence, _head);
        _events.Clear();
        _payloads.Clear();
    }
}
