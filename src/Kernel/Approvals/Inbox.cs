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
            case InboxKind.Compact:
                var asked = JsonSerializer.Deserialize(body, RunShapes.Default.InboxText)!;
                var compact = worker.Journal.Draft(LabelId.BuiltIn);
                return [compact.Of(new CompactionRequested(compact.Payload(asked.By)))];
            case InboxKind.Message:
                return Say(JsonSerializer.Deserialize(body, RunShapes.Default.InboxText)!);
            case InboxKind.Revoke:
                return Revoke(JsonSerializer.Deserialize(body, RunShapes.Default.InboxText)!);
            case InboxKind.Doubt:
                var doubt = JsonSerializer.Deserialize(body, RunShapes.Default.InboxDoubt)!;
                return await ResolveAsync(doubt, state, earlier, cancellationToken);
            default:
                var answer = JsonSerializer.Deserialize(body, RunShapes.Default.InboxAnswer)!;
                return await AnswerAsync(answer, state, earlier, cancellationToken);
        }
    }

    private List<EventDraft> Say(InboxText said)
    {
        var draft = worker.Draft(Label.Of([new SourceId("person")], null));
        return [draft.Of(new InputReceived(draft.Payload(said.Text), worker.Services.Tokens.Count(said.Text)))];
    }

    private List<EventDraft> Revoke(InboxText revoked)
    {
        var draft = worker.Journal.Draft(LabelId.BuiltIn);
        return [draft.Of(new ApprovalRevoked(draft.Payload(revoked.Text), draft.Payload(revoked.By)))];
    }

    /// <summary>An answer counts for the one action it names, once, while that action waits.</summary>
    private async Task<IReadOnlyList<EventDraft>> AnswerAsync(
        InboxAnswer answer, RunState state, List<EventDraft> earlier, CancellationToken cancellationToken)
    {
        var asked = state.Calls.FirstOrDefault(call =>
            call.Stage == CallStage.WaitsForApproval && call.Action.Hex == answer.Action);

        if (asked is null || await IsSpentAsync(asked, answer, earlier, cancellationToken))
        {
            return [];
        }

        // Until it is taken nobody knows how old an answer is, so one taken too late never counts as a yes.
        var now = worker.Services.Time.GetUtcNow();
        var isLate = asked.ApprovalExpiresAt <= (now > state.Now ? now : state.Now);
        var draft = worker.Journal.Draft(LabelId.BuiltIn, asked.Id.Sequence, asked.Id);
        var counts = !answer.IsApproved ? ApprovalAnswer.Denied
            : isLate ? ApprovalAnswer.Expired : ApprovalAnswer.Approved;
        draft.Of(new ApprovalAnswered(
            asked.Action, counts,
            draft.Payload(answer.Reason.Length == 0 ? answer.By : $"{answer.By}: {answer.Reason}"))
        {
            Said = counts == ApprovalAnswer.Denied && answer.Said.Length > 0
                ? draft.Payload($"A person said no: {worker.Redact(answer.Said)}") : PayloadRef.None,
        });

        return counts == ApprovalAnswer.Approved && asked.PersonsNeeded == 1
            && await ExtendAsync(asked, answer, state, now, cancellationToken) is { } extended
            ? [draft, extended] : [draft];
    }

    /// <summary>
    /// A second answer to what is decided counts for nothing, and where two persons are needed, neither does the
    /// second one of the same. The run itself, which asks, never answers.
    /// </summary>
    private async Task<bool> IsSpentAsync(
        CallState asked, InboxAnswer answer, List<EventDraft> earlier, CancellationToken cancellationToken)
    {
        var answers = earlier.Where(draft => draft.Call == asked.Id).Select(draft => (Draft: draft, draft.Body))
            .Where(known => known.Body is ApprovalAnswered).ToList();
        var people = new List<string>();

        foreach (var approver in asked.Approvers)
        {
            people.Add(await worker.Memory.TextAsync(approver, cancellationToken));
        }

        people.AddRange(answers.Select(known => known.Draft.TextOf(((ApprovalAnswered)known.Body).By)));
        var isDecided = answers.Exists(known => ((ApprovalAnswered)known.Body).Answer != ApprovalAnswer.Approved)
            || people.Count >= asked.PersonsNeeded;

        return isDecided || answer.By.StartsWith("run:", StringComparison.Ordinal)
            || (answer.IsApproved && people.Exists(person => person.Split(':')[0] == answer.By));
    }

    /// <summary>What is approved beyond the action: the rules that were shown, or all that the plan names.</summary>
    private async Task<EventDraft?> ExtendAsync(
        CallState asked, InboxAnswer answer, RunState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var draft = worker.Journal.Draft(LabelId.BuiltIn, asked.Id.Sequence, asked.Id);

        if (asked.Tool == PlanProposal.ToolName)
        {
            var action = ProposedAction.FromBytes(await worker.Memory.BytesAsync(asked.Action, cancellationToken));
            var plan = PlanProposal.Parse(action.Arguments);

            return draft.Of(new ApprovalExtended(
                ApprovalScope.Plan, draft.Payload(string.Join('\n', plan.ToRules())), now.AddMinutes(plan.Minutes),
                plan.Dollars > 0 ? state.Budget.Spent.Dollars + plan.Dollars : null, draft.Payload(answer.By)));
        }

        return answer.Scope == ApprovalScope.Once || answer.Rules.Length == 0 ? null
            : draft.Of(new ApprovalExtended(
                answer.Scope, draft.Payload(answer.Rules), DateTimeOffset.MaxValue, null, draft.Payload(answer.By)));
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
