using System.Diagnostics;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Runs;

/// <summary>Writes down what will be done, and decides what may be. Nothing here touches the world.</summary>
internal sealed class Intents(RunWorker worker)
{
    private (ToolCallPart? Asked, IReadOnlyList<Effect> Effects) _last = (null, []);

    public async Task<IReadOnlyList<EventDraft>> DraftAsync(
        IntentStep step, RunState state, CancellationToken cancellationToken) => step switch
    {
        ReserveModelCall reserve => Reserve(reserve, state),
        RouteModel route =>
            [worker.Journal.Draft().Of(new ModelRouted(route.From, route.To, route.Reason, route.Failures))],
        DecideCall decide => await DecideAsync(decide.Call, state, cancellationToken),
        WarnOfBudget warn =>
            [worker.Journal.Draft().Of(new BudgetWarned(warn.Part, state.Limits.WarnAtPercent))],
        RefuseCall refuse => await RefuseAsync(refuse.Call, refuse.Code, state, cancellationToken),
        AskForHook ask => [await AskForHookAsync(ask.Call, state, cancellationToken)],
        ExpireApproval expire => [Expire(expire.Call, state)],
        StartTool start => await StartAsync(start, state, cancellationToken),
        ParkInDoubt park => [Draft(state, park.Call).Of(new ToolInDoubt(CallOf(state, park.Call).Tool))],
        CheckOutput check => [await CheckOutputAsync(check, state, cancellationToken)],
        StartCheck check => [worker.Journal.Draft().Of(new CheckStarted(check.Criterion, check.Round))],
        _ => throw new UnreachableException(step.GetType().Name),
    };

    /// <summary>The exact action of a call, as a person would be asked about it.</summary>
    private async Task<ProposedAction> ActionOfAsync(
        CallId call, string reason, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        return new ProposedAction(
            asked.Name, asked.Arguments, call.ToString(), reason, state.Admitted!.Mandate.Hex);
    }

    /// <summary>Touches nothing but the record: a replay comes to the same.</summary>
    private async Task<EventDraft> CheckOutputAsync(
        CheckOutput step, RunState state, CancellationToken cancellationToken)
    {
        var answer = await worker.ClaimTextAsync(state.Claim, state, cancellationToken);
        var faults = StructuredAnswer.FaultsOf(answer, worker.OutputSchema!);
        var text = faults.IsEmpty
            ? ""
            : "Your answer does not fit the schema of the output:\n"
                + string.Concat(faults.Select(fault => $"- {fault}\n"))
                + "Finish again with one JSON value that fits, and nothing around it.";
        var draft = worker.Draft(worker.LabelOfContext(state));

        return draft.Of(new OutputChecked(
            step.Round, faults.IsEmpty, draft.Payload(text), worker.Services.Tokens.Count(text)));
    }

    private IReadOnlyList<EventDraft> Reserve(ReserveModelCall step, RunState state)
    {
        var (reserved, outputTokensMax) = Planner.WorstCaseOfModel(state, step.Purpose)
            ?? throw new UnreachableException("The planner asked for a call that cannot be paid.");

        // The request shows everything in the context, so it bears the joined label of all of it.
        return [worker.Draft(worker.LabelOfContext(state)).Of(new ModelRequested(
            step.Purpose, step.Turn, step.Attempt, reserved, outputTokensMax, state.Items.Count)
        {
            Model = Planner.ModelToAsk(state),
        })];
    }

    private async Task<IReadOnlyList<EventDraft>> DecideAsync(
        CallId call, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var tool = worker.Services.Tools.TryFind(asked.Name, out var known) ? known : null;
        var standing = await worker.StandingAsync(state, cancellationToken);
        var (verdict, code) = Decide(tool, asked, call, standing, state);
        var decided = Decided(tool, verdict, code, call, state);

        if (worker.Terms.IsDryRun && verdict.Decision != Decision.Deny && !IsDoneInDryRun(tool!, asked, verdict))
        {
            return
            [
                decided,
                .. await RefuseAsync(
                    call, "run.dry", $"Nothing happened, this is a dry run; the gate would {WordOf(verdict)}: "
                    + verdict.Reason, state, cancellationToken),
            ];
        }

        return verdict.Decision == Decision.Ask
            ? [decided, await AskAsync(call, tool!, verdict, state, cancellationToken)] : [decided];
    }

    // What only reads is carried out, or the agent would come to no second thought; nobody is asked anything.
    private bool IsDoneInDryRun(ITool tool, ToolCallPart asked, Verdict verdict) =>
        verdict.IsAllowed && tool.Spec.EffectClass == EffectClass.Pure
            && EffectsOf(tool, asked).All(effect => effect.Kind is EffectKind.None or EffectKind.ReadFile);

    private static string WordOf(Verdict verdict) => verdict.Decision == Decision.Allow ? "allow it" : "ask a person";

    private EventDraft Decided(ITool? tool, Verdict verdict, string code, CallId call, RunState state)
    {
        var draft = Draft(state, call);

        return draft.Of(new ToolDecided(
            tool?.Spec.Name ?? "",
            tool?.Spec.EffectClass ?? EffectClass.Pure,
            tool?.NeedsSandbox() ?? false,
            verdict.Decision,
            draft.Payload($"{verdict.Reason}\n{verdict.Rule}"),
            code));
    }

    /// <summary>The gate: every effect of every call passes here, and nothing is allowed but by a rule.</summary>
    /// <remarks>The time is that of the latest entry, which was written just now: a replay decides at the same
    /// time.</remarks>
    private (Verdict Verdict, string Code) Decide(
        ITool? tool, ToolCallPart asked, CallId call, StandingApprovals? standing, RunState state)
    {
        if (tool is null)
        {
            return (new Verdict(Decision.Deny, "There is no such tool.", "tools"), "tool.unknown");
        }

        try
        {
            var verdict = worker.Gate.Decide(
                tool.Spec.Name, EffectsOf(tool, asked),
                new Circumstances(state.Now, worker.Memory.LabelOf(worker.LabelOfCall(state, call)))
                {
                    Approved = standing,
                });
            return (verdict, verdict.Decision == Decision.Deny ? "gate.denied" : "");
        }
        catch (ProblemException refusal)
        {
            return (new Verdict(Decision.Deny, refusal.Problem.Message, "arguments"), refusal.Problem.Code);
        }
    }

    // What is decided is mostly started at once, and then decided again: the arguments are the same object.
    private IReadOnlyList<Effect> EffectsOf(ITool tool, ToolCallPart asked)
    {
        if (!ReferenceEquals(_last.Asked, asked))
        {
            using var arguments = ParseArguments(asked.Arguments);
            _last = (asked, tool.EffectsOf(arguments.RootElement));
        }

        return _last.Effects;
    }

    internal static JsonDocument ParseArguments(string arguments)
    {
        try
        {
            // A model that wants no arguments often writes nothing at all.
            return JsonDocument.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            // Half a surrogate pair is an argument error to the parser, and bad input to us.
            throw new ProblemException(
                new Problem("argument.invalid", "The arguments are not valid JSON; send one JSON object."));
        }
    }

    private async Task<EventDraft> AskAsync(
        CallId call, ITool tool, Verdict verdict, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var effects = EffectsOf(tool, asked);
        var rules = effects.Select(effect => StandingApprovals.Suggest(tool.Spec.Name, effect)).ToList();
        var persons = worker.Gate.PersonsFor(tool.Spec.Name, effects);
        var action = await ActionOfAsync(
            call, verdict.Reason + PlainArguments.Hint(asked.Arguments), state, cancellationToken) with
        {
            // A rule for a part of a call would be asked again for the rest of it.
            Rules = persons > 1 || rules.Contains(null) ? "" : string.Join('\n', rules.Distinct()),
            Persons = persons,
        };
        var draft = Draft(state, call);
        var expiresAt = state.Limits.OnTimeout == ApprovalTimeout.Park
            ? DateTimeOffset.MaxValue : state.Now + TimeSpan.FromMinutes(state.Limits.ApprovalMinutes);
        return draft.Of(new ApprovalRequested(draft.Payload(action.ToBytes()), expiresAt) { Persons = persons });
    }

    private async Task<EventDraft> AskForHookAsync(CallId call, RunState state, CancellationToken cancellationToken)
    {
        var reason = await worker.Memory.TextAsync(CallOf(state, call).Reason, cancellationToken);
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var tool = worker.Services.Tools.TryFind(asked.Name, out var known)
            ? known : throw new UnreachableException("A hook was asked about no tool.");
        return await AskAsync(call, tool, new Verdict(Decision.Ask, reason, "hook"), state, cancellationToken);
    }

    private EventDraft Expire(CallId call, RunState state)
    {
        var draft = Draft(state, call);
        return draft.Of(new ApprovalAnswered(
            CallOf(state, call).Action, ApprovalAnswer.Expired, draft.Payload("nobody answered in time")));
    }

    private async Task<IReadOnlyList<EventDraft>> StartAsync(
        StartTool step, RunState state, CancellationToken cancellationToken)
    {
        var call = CallOf(state, step.Call);

        // What was approved is compared, byte by byte, with what is about to run.
        if (!call.Action.IsNone && !await IsWhatWasApprovedAsync(call, state, cancellationToken))
        {
            return await RefuseAsync(step.Call, "approval.mismatch", state, cancellationToken);
        }

        // The gate is asked again: an approval does not make lawful what a rule denies.
        var asked = await worker.AskedAsync(state, step.Call, cancellationToken);
        var standing = await worker.StandingAsync(state, cancellationToken);
        var tool = worker.Services.Tools.TryFind(asked.Name, out var known) ? known : null;
        var (verdict, code) = Decide(tool, asked, step.Call, standing, state);

        if (verdict.Decision == Decision.Deny)
        {
            return await RefuseAsync(step.Call, code, verdict.Reason, state, cancellationToken);
        }

        // What was allowed by an approval that is gone by now is asked after all.
        if (verdict.Decision == Decision.Ask && call.Action.IsNone)
        {
            return
            [
                Decided(tool, verdict, code, step.Call, state),
                await AskAsync(step.Call, tool!, verdict, state, cancellationToken),
            ];
        }

        var started = new ToolStarted(call.Tool, step.Attempt, Planner.WorstCaseOfTool);
        return [Draft(state, step.Call).Of(started)];
    }

    private async Task<bool> IsWhatWasApprovedAsync(
        CallState call, RunState state, CancellationToken cancellationToken)
    {
        var approved = ProposedAction.FromBytes(await worker.Memory.BytesAsync(call.Action, cancellationToken));
        var now = await ActionOfAsync(call.Id, approved.Reason, state, cancellationToken);
        return approved == now with { Rules = approved.Rules, Persons = approved.Persons };
    }

    private async Task<IReadOnlyList<EventDraft>> RefuseAsync(
        CallId call, string code, RunState state, CancellationToken cancellationToken)
    {
        var decided = CallOf(state, call).Reason;
        var reason = decided.IsNone
            ? "" : (await worker.Memory.TextAsync(decided, cancellationToken)).Split('\n')[0];

        return await RefuseAsync(call, code, reason, state, cancellationToken);
    }

    private async Task<IReadOnlyList<EventDraft>> RefuseAsync(
        CallId call, string code, string reason, RunState state, CancellationToken cancellationToken)
    {
        var text = Observation.OfRefusal(code, reason);
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var draft = Draft(state, call);
        draft.Of(new ToolFinished(
            CallOf(state, call).Tool, ToolOutcome.Refused, code, draft.Payload(text),
            worker.Services.Tokens.Count(text),
            PayloadRef.None, ChangedView: false, state.TreeId, Receipt: null, EndsRun: false,
            worker.FingerprintOf(asked, text), default, 0));

        return [draft];
    }

    // What a hook said is passed on under its own label.
    private EventDraft Draft(RunState state, CallId call) => worker.Journal.Draft(
        CallOf(state, call).HookLabel ?? worker.LabelOfCall(state, call), call.Sequence, call);

    private static CallState CallOf(RunState state, CallId call) => state.Calls[call.Index];
}
