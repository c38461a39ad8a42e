using System.Collections.Immutable;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Schemas;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Turns;
using Reeve.Kernel.Views;

namespace Reeve.Kernel.Runs;

/// <summary>What one worker holds of one run while it has the lease: journal, memory, gate, model and place.</summary>
internal sealed class RunWorker(RunServices services, RunJournal journal, RunMemory memory) : IAsyncDisposable
{
    private static readonly Label s_model = Label.Of([new SourceId("model")], null);

    private readonly Lock _labelling = new();
    private Label _contextLabel = Label.BuiltIn;
    private long _labelledThrough;
    private int _labelledItems;
    private JsonSchema? _outputSchema;

    public RunServices Services => services;

    public RunJournal Journal => journal;

    public RunMemory Memory => memory;

    public required IRunObserver Observer { get; init; }

    public required RunTerms Terms { get; init; }

    public required byte[] Mandate { get; init; }

    public required IGate Gate { get; init; }

    /// <summary>The model of the chain at a place.</summary>
    public required Func<int, IModel> ModelAt { get; init; }

    /// <summary>Null until the view was opened by this worker.</summary>
    public IRunPlace? Place { get; set; }

    /// <summary>The joined label of everything the model was ever shown; only what is new is joined anew.</summary>
    public Label LabelOfContext(RunState state)
    {
        // Calls that run side by side ask for it too.
        lock (_labelling)
        {
            if (state.Sequence > _labelledThrough)
            {
                JoinNew(state);
                (_labelledThrough, _labelledItems) = (state.Sequence, state.Items.Count);
            }

            return _contextLabel;
        }
    }

    // As long as nothing was summarised, as many are new as there are more now. Items stand where the model reads
    // them, which is not always the order in which they came, but what is new stands near the end.
    private void JoinNew(RunState state)
    {
        var left = state.CompactedAt > _labelledThrough ? int.MaxValue : state.Items.Count - _labelledItems;

        for (var index = state.Items.Count - 1; index >= 0 && left > 0; index--)
        {
            if (state.Items[index] is var item && item.Sequence > _labelledThrough)
            {
                _contextLabel = _contextLabel.Join(memory.LabelOf(item.Label));
                left--;
            }
        }
    }

    /// <summary>A reply tells of all the model was shown, and of the model.</summary>
    public Label LabelOfReply(RunState state) => LabelOfContext(state).Join(s_model);

    /// <summary>A draft whose label gets its number only when it is appended.</summary>
    /// <remarks>Acts run side by side and may be dropped: a number drawn by one might never be recorded.</remarks>
    public EventDraft Draft(Label label, long causedBy = 0, CallId? call = null) =>
        EventDraft.LabelledWith(journal.Sealer, label, causedBy, call);

    /// <summary>Numbers the label of a draft; returns the entry that goes before it where it is new.</summary>
    public EventDraft? Number(EventDraft draft)
    {
        if (draft.Labelled is not { } label)
        {
            return null;
        }

        if (memory.Find(label) is { } known)
        {
            draft.Number(known);
            return null;
        }

        var id = memory.Add(label);
        draft.Number(id);
        var interned = journal.Draft(LabelId.BuiltIn);
        return interned.Of(new LabelInterned(id.Index, interned.Payload(RunMemory.Encode(label))));
    }

    /// <summary>What people approved in this run for longer than one action, as far as it counts now.</summary>
    public async ValueTask<StandingApprovals?> StandingAsync(RunState state, CancellationToken cancellationToken)
    {
        if (state.Approved.IsEmpty && state.Revoked.IsEmpty)
        {
            return null;
        }

        var rules = new List<string>();
        var revoked = new List<string>();

        foreach (var standing in state.Approved.Where(standing => standing.Counts(state)))
        {
            rules.AddRange((await memory.TextAsync(standing.Rules, cancellationToken)).Split('\n'));
        }

        foreach (var rule in state.Revoked)
        {
            revoked.Add(await memory.TextAsync(rule, cancellationToken));
        }

        return StandingApprovals.Of(rules, revoked);
    }

    /// <summary>The tool and arguments of a call, exactly as the model wrote them.</summary>
    public async ValueTask<ToolCallPart> AskedAsync(RunState state, CallId call, CancellationToken cancellationToken)
    {
        var place = state.IndexOfReply(call);

        if (place < 0)
        {
            throw new InvalidOperationException("A call without the reply that asked for it.");
        }

        var reply = await memory.ReplyAsync(state.Items[place].Content, cancellationToken);
        return reply.ToolCalls.ElementAt(call.Index);
    }

    public LabelId LabelOfCall(RunState state, CallId call) =>
        state.IndexOfReply(call) is var place and >= 0 ? state.Items[place].Label : LabelId.LeastTrusted;

    /// <summary>What the answer must fit; null where it may be any text.</summary>
    public JsonSchema? OutputSchema =>
        _outputSchema ??= Terms.OutputSchema.Length > 0 ? JsonSchema.Parse(Terms.OutputSchema) : null;

    /// <summary>What the agent says it achieved, in its words.</summary>
    public async Task<string> ClaimTextAsync(PayloadRef claim, RunState state, CancellationToken cancellationToken)
    {
        var isReply = state.Items.Any(item => item.Kind == ContextItemKind.Reply && item.Content == claim);
        return isReply
            ? (await memory.ReplyAsync(claim, cancellationToken)).Text
                : await memory.TextAsync(claim, cancellationToken);
    }

    /// <summary>Names a call together with its result, so that a repetition is seen and nothing is told.</summary>
    public string FingerprintOf(ToolCallPart asked, string result) =>
        journal.Sealer.NameOf("repetition", $"{asked.Name}\n{asked.Arguments}\n{result}")[..8];

    /// <summary>Names a tree within this run without telling its digest.</summary>
    public string TreeIdOf(TreeDigest digest) => journal.Sealer.NameOf("tree", digest.Hex);

    /// <summary>Text as it may be kept and shown: no secrets, no more than fits.</summary>
    public string Redact(string text) => services.Redactor.Redact(text);

    public async ValueTask DisposeAsync()
    {
        if (Place is { } place)
        {
            await place.DisposeAsync();
        }

        journal.Sealer.Dispose();
    }
}
