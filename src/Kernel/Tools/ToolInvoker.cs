using System.Diagnostics;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Recovery;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Tools;

/// <summary>Runs one started call with the grants its tool names, and makes an observation of what came of
/// it.</summary>
/// <remarks>
/// One of the two places that catch what is not a problem: a bug in a tool becomes the observation "internal" and
/// does not end the run. Output is redacted once, here, so that state, model and journal hold the same bytes.
/// </remarks>
internal sealed class ToolInvoker(RunWorker worker)
{
    /// <summary>Characters for each token of an observation that is shown.</summary>
    private const int CharactersPerToken = 3;

    private readonly FolderGuidance _guidance = new(worker);

    public async Task<IReadOnlyList<EventDraft>> InvokeAsync(
        CallId call, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var tool = worker.Services.Tools.TryFind(asked.Name, out var known)
            ? known : throw new UnreachableException("A started call without its tool.");
        var began = worker.Services.Time.GetTimestamp();
        var (output, outcome, code, isRetryable) = await RunAsync(
            tool, asked.Arguments, Context(tool, call, state, began), cancellationToken);
        var took = worker.Services.Time.GetElapsedTime(began);
        IReadOnlyList<EventDraft> notes = outcome is ToolOutcome.Done or ToolOutcome.Failed
            ? _guidance.Read(EffectsOf(tool, asked.Arguments), call, state) : [];

        if (outcome is ToolOutcome.Refused or ToolOutcome.Broken
            && Recovering(tool, call, (code, isRetryable), took, state) is { } recovering)
        {
            return [recovering];
        }

        return [.. notes, .. await ObserveAsync(tool, asked, call, output, (outcome, code), took, state)];
    }

    /// <summary>After a crash: the other side says whether the call happened.</summary>
    public async Task<IReadOnlyList<EventDraft>> AskWhetherItHappenedAsync(
        CallId call, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var draft = worker.Journal.Draft(worker.LabelOfCall(state, call), call.Sequence, call);

        if (!worker.Services.Tools.TryFind(asked.Name, out var known) || known is not IQueryableTool tool)
        {
            return [draft.Of(new ToolInDoubt(asked.Name))];
        }

        ToolOutput? output;

        try
        {
            using var arguments = Intents.ParseArguments(asked.Arguments);
            output = await tool.FindOutcomeAsync(
                arguments.RootElement, Context(tool, call, state, 0), cancellationToken);
        }
        catch (ProblemException)
        {
            // The other side does not say; then a person has to.
            return [draft.Of(new ToolInDoubt(asked.Name))];
        }

        var resolved = draft.Of(new DoubtResolved(output is not null, draft.Payload("the other side")));

        return output is null
            ? [resolved]
            : [resolved, .. await ObserveAsync(tool, asked, call, output, (ToolOutcome.Done, ""), default, state)];
    }

    /// <summary>What a person says of a call in doubt becomes its observation.</summary>
    public async Task<EventDraft> ObserveDoubtAsync(CallId call, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        const string Text = "A person found out that this call took effect before the crash. Its output is lost.";
        var draft = worker.Journal.Draft(worker.LabelOfCall(state, call), call.Sequence, call);

        return draft.Of(new ToolFinished(
            asked.Name, ToolOutcome.Done, "", draft.Payload(Text), worker.Services.Tokens.Count(Text),
            PayloadRef.None, ChangedView: false, state.TreeId, Receipt: null, EndsRun: false,
            worker.FingerprintOf(asked, Text), default, 0));
    }

    // It was decided by these effects, so they can be named.
    private static IReadOnlyList<Effect> EffectsOf(ITool tool, string argumentsText)
    {
        using var arguments = Intents.ParseArguments(argumentsText);
        return tool.EffectsOf(arguments.RootElement);
    }

    private ToolContext Context(ITool tool, CallId call, RunState state, long began)
    {
        var place = worker.Place ?? throw new UnreachableException("A call was started before its place was open.");
        var granted = new List<IGrant>(tool.Spec.Needs.Count);

        foreach (var grant in place.Grants)
        {
            Give(grant);
        }

        foreach (var grant in CallGrants.Of(worker, state, call))
        {
            Give(grant);
        }

        return new ToolContext(chunk => worker.Observer.OnOutput(call, chunk), granted)
        {
            CallKey = $"{worker.Journal.Run.Run}.{call}",
        };

        void Give(IGrant grant)
        {
            foreach (var need in tool.Spec.Needs)
            {
                if (need.IsInstanceOfType(grant))
                {
                    granted.Add(grant);
                    break;
                }
            }
        }
    }

    /// <summary>Null where the agent is told, and nothing is made again.</summary>
    private EventDraft? Recovering(
        ITool tool, CallId call, (string Code, bool IsRetryable) failure, TimeSpan took, RunState state)
    {
        var attempt = state.Calls[call.Index].Attempt;
        var action = Recoveries.OfTool(failure.Code, failure.IsRetryable, tool.Spec.EffectClass, attempt);
        var cost = Planner.WorstCaseOfTool with { WallTime = took };

        // What cannot be paid again is not begun again.
        if (action == RecoveryAction.Escalate || !state.Budget.CanReserve(Planner.WorstCaseOfTool))
        {
            return null;
        }

        return worker.Journal.Draft(worker.LabelOfCall(state, call), call.Sequence, call).Of(new ToolRecovering(
            tool.Spec.Name, Recoveries.ClassOf(failure.Code), failure.Code, action, attempt, cost));
    }

    private static async Task<(ToolOutput Output, ToolOutcome Outcome, string Code, bool IsRetryable)> RunAsync(
        ITool tool, string argumentsText, ToolContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var arguments = Intents.ParseArguments(argumentsText);
            var output = await tool.InvokeAsync(arguments.RootElement, context, cancellationToken);
            return (output, output.IsError ? ToolOutcome.Failed : ToolOutcome.Done, "", false);
        }
        catch (ProblemException refusal)
        {
            var text = Observation.OfRefusal(refusal.Problem.Code, refusal.Problem.Message);
            return (new ToolOutput(text, Authority.Labels.Label.BuiltIn, IsError: true), ToolOutcome.Refused,
                refusal.Problem.Code, refusal.Problem.IsRetryable);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (new ToolOutput("cancelled", Authority.Labels.Label.BuiltIn, IsError: true),
                ToolOutcome.Cancelled, "cancelled", false);
        }
        catch (Exception bug)
        {
            Activity.Current?.AddException(bug);
            return (
                new ToolOutput("internal: the tool broke; try another way.",
                    Authority.Labels.Label.BuiltIn, IsError: true),
                ToolOutcome.Broken, "internal", false);
        }
    }

    private async Task<IReadOnlyList<EventDraft>> ObserveAsync(
        ITool tool,
        ToolCallPart asked,
        CallId call,
        ToolOutput output,
        (ToolOutcome Outcome, string Code) end,
        TimeSpan took,
        RunState state)
    {
        var drafts = new List<EventDraft>();
        var treeId = await CheckpointAsync(tool, call, output, state, drafts);
        var callLabel = worker.Memory.LabelOf(worker.LabelOfCall(state, call));

        var whole = worker.Redact(Bounded(output.Text));
        var fingerprint = worker.FingerprintOf(asked, whole);
        // The words that end a run are a result: nothing is added to them.
        var shown = Shown(whole, tool.Spec.EndsRun ? "" : fingerprint, call, state);
        var draft = worker.Draft(callLabel.Join(output.Label), call.Sequence, call);
        var receipt = output.Receipt is { } shownReceipt
            ? new Evidence.CheckReceipt(shownReceipt.ExitCode, shownReceipt.IsCheck) : null;

        drafts.Add(draft.Of(new ToolFinished(
            tool.Spec.Name, end.Outcome, end.Code, draft.Payload(shown), worker.Services.Tokens.Count(shown),
            shown.Length < whole.Length ? draft.Payload(whole) : PayloadRef.None,
            treeId != state.TreeId, treeId, receipt, tool.Spec.EndsRun && end.Outcome == ToolOutcome.Done,
            fingerprint, Planner.WorstCaseOfTool with { WallTime = took },
            (long)took.TotalMilliseconds)));

        return drafts;
    }

    /// <summary>After every call that may have written: the tree the next one can be restored to.</summary>
    private async Task<string> CheckpointAsync(
        ITool tool, CallId call, ToolOutput output, RunState state, List<EventDraft> drafts)
    {
        if (tool.Spec.EffectClass != EffectClass.Contained)
        {
            return state.TreeId;
        }

        // Not cancelled with the call: what it left behind must be known before anything else happens.
        var digest = await worker.Place!.View.CheckpointAsync(CancellationToken.None);
        var treeId = worker.TreeIdOf(digest);

        if (treeId != state.TreeId)
        {
            var draft = worker.Journal.Draft(LabelOf(output), call.Sequence, call);
            drafts.Add(draft.Of(new ViewCheckpointed(draft.Payload(digest.Hex), treeId)));
        }

        return treeId;
    }

    private static Authority.Labels.LabelId LabelOf(ToolOutput output) =>
        output.Label == Authority.Labels.Label.BuiltIn
            ? Authority.Labels.LabelId.BuiltIn : Authority.Labels.LabelId.LeastTrusted;

    private static string Bounded(string text) =>
        text.Length <= Observation.FullCharactersMax ? text : text[..Observation.FullCharactersMax];

    private static string Shown(string whole, string fingerprint, CallId call, RunState state)
    {
        var charactersMax = state.Limits.ObservationTokens * CharactersPerToken;
        var shown = whole.Length <= charactersMax
            ? whole : Observation.Cut(whole, charactersMax, state.ArchiveNameOf(call));
        var repeats = state.Fingerprints.Count(known => known == fingerprint) + 1;

        return repeats >= 2 && repeats == state.Limits.RepeatsMax - 1
            ? $"{shown}\n"
                + $"[the same call gave the same result {repeats} times; once more ends the run: do something else]"
            : shown;
    }
}
