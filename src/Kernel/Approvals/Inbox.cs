using System.Text;
using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Approvals;

/// <summary>Turns what other processes posted to a run into entries of its journal.</summary>
internal sealed class Inbox(RunWorker worker, ToolInvoker invoker)
{
    /// <summary>Messages that fit nothing any more are taken and leave no entry.</summary>
    public async Task<(IReadOnlyList<EventDraft> Drafts, long? TakenThrough)> DrainAsync(
        RunState state, CancellationToken cancellationToken)
    {
        var pending = await worker.Services.Store.PendingAsync(worker.Journal.Run, cancellationToken);
        var drafts = new List<EventDraft>();

        foreach (var message in pending)
        {
            var body = worker.Journal.Sealer.OpenMessage(message.SealedBody);
            drafts.AddRange(await DraftAsync(message.Kind, body, state, drafts, cancellationToken));
        }

        return (drafts, pending.Count == 0 ? null : pending[^1].Id);
    }

    private async Task<IReadOnlyList<EventDraft>> DraftAsync(
        InboxKind kind, byte[] body, RunState state, List<EventDraft> earlier, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case InboxKind.Cancel:
                var by = JsonSerializer.Deserialize(body, RunShapes.Default.InboxText)!;
                var cancel = worker.Journal.Draft(LabelId.BuiltIn);
                return [cancel.Of(new CancelRequested(cancel.Payload(by.By)))];
            case InboxKind.Message:
                return Say(JsonSerializer.Deserialize(body, RunShapes.Default.InboxText)!);
            case InboxKind.Doubt:
                var doubt = JsonSerializer.Deserialize(body, RunShapes.Default.InboxDoubt)!;
                return await ResolveAsync(doubt, state, earlier, cancellationToken);
            default:
                return Answer(JsonSerializer.Deserialize(body, RunShapes.Default.InboxAnswer)!, state, earlier);
        }
    }

    private List<EventDraft> Say(InboxText said)
    {
        var draft = worker.Draft(Label.Of([new SourceId("person")], null));
        return [draft.Of(new InputReceived(draft.Payload(said.Text), worker.Services.Tokens.Count(said.Text)))];
    }

    /// <summary>An answer counts for the one action it names, once, while that action waits.</summary>
    private IReadOnlyList<EventDraft> Answer(InboxAnswer answer, RunState state, List<EventDraft> earlier)
    {
        var asked = state.Calls.FirstOrDefault(call =>
            call.Stage == CallStage.WaitsForApproval && call.Action.Hex == answer.Action);

        if (asked is null || earlier.Any(draft => draft.Call == asked.Id && draft.Body is ApprovalAnswered))
        {
            return [];
        }

        // Until it is taken nobody knows how old an answer is, so one taken too late never counts as a yes.
        var now = worker.Services.Time.GetUtcNow();
        var isLate = asked.ApprovalExpiresAt <= (now > state.Now ? now : state.Now);
        var draft = worker.Journal.Draft(LabelId.BuiltIn, asked.Id.Sequence, asked.Id);
        return [draft.Of(new ApprovalAnswered(
            asked.Action,
            !answer.IsApproved ? ApprovalAnswer.Denied : isLate ? ApprovalAnswer.Expired : ApprovalAnswer.Approved,
            draft.Payload(answer.Reason.Length == 0 ? answer.By : $"{answer.By}: {answer.Reason}")))];
    }

    private async Task<IReadOnlyList<EventDraft>> ResolveAsync(
        InboxDoubt doubt, RunState state, List<EventDraft> earlier, CancellationToken cancellationToken)
    {
        var call = state.Calls.FirstOrDefault(
            known => known.Stage == CallStage.InDoubt && known.Id.ToString() == doubt.Call);

        // The first word counts; a second one, contradicting it perhaps, would run the call again.
        if (call is null || earlier.Any(draft => draft.Call == call.Id && draft.Body is DoubtResolved))
        {
            return [];
        }

        var draft = worker.Journal.Draft(LabelId.BuiltIn, call.Id.Sequence, call.Id);
        draft.Of(new DoubtResolved(doubt.Happened, draft.Payload(doubt.By)));
        return doubt.Happened ? [draft, await invoker.ObserveDoubtAsync(call.Id, state, cancellationToken)] : [draft];
    }
}
