using System.Collections.Immutable;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Says every step of a run that may start now. Pure: state in, steps out.</summary>
/// <remarks>
/// A step that is being carried out is said again until its entry is folded; the loop never begins a step twice.
/// No step means that the run waits for a person, or for what is in flight.
/// </remarks>
public static partial class Planner
{
    /// <summary>Pure calls of one turn that may run side by side.</summary>
    public const int ParallelCallsMax = 8;

    /// <summary>Replies with neither text nor calls, in a row, before the run gives up.</summary>
    public const int EmptyRepliesMax = 2;

    /// <summary>Less than this is no room for a reply.</summary>
    public const int OutputTokensMin = 256;

    public static ImmutableArray<Step> Next(RunState state)
    {
        if (state.Admitted is null || state.IsFinished || state.IsParked)
        {
            return [];
        }

        var isEnding = state.IsCancelRequested || state.LimitReached is not null || IsHalted(state);
        return isEnding ? NextOf(state, isEnding) : WithWarning(state, NextOf(state, isEnding));
    }

    private static ImmutableArray<Step> NextOf(RunState state, bool isEnding)
    {
        // Also a run that ends says what it cannot know.
        if (isEnding && state.Calls.FirstOrDefault(IsUnknowable) is { } unknowable)
        {
            return [new ParkInDoubt(unknowable.Id)];
        }

        if (state.IsCancelRequested)
        {
            return [new FinishRun(RunStatus.Cancelled, "cancelled")];
        }

        if (state.LimitReached is { } limit)
        {
            return [FinishAt(limit)];
        }

        if (IsHalted(state))
        {
            return [new FinishRun(RunStatus.Failed, "approval.expired")];
        }

        if (state.View is null)
        {
            return [new OpenView()];
        }

        if (NextOfGoal(state) is { } goal)
        {
            return [goal];
        }

        // A check has the tree to itself, also when the claim it belongs to was overtaken meanwhile.
        if (state.Criteria.FirstOrDefault(criterion => criterion.IsRunning) is { } running)
        {
            return [new RunCheck(state.Criteria.IndexOf(running), state.CheckRound)];
        }

        if (state.Calls.Any(call => !call.IsFinished))
        {
            return NextOfCalls(state);
        }

        if (NextOfInput(state) is { } input)
        {
            return [input];
        }

        // Files and context are back; what comes next a person says, if he has not done so already.
        if (state.Admitted!.Origin is { Kind: OriginKind.Rewind, HasPrompt: false }
            && state.Items[^1].Sequence <= state.CarriedAt)
        {
            return [new FinishRun(RunStatus.Unverified, "rewound")];
        }

        return state.HasClaim ? [NextOfEvidence(state)] : [NextOfModel(state)];
    }

    /// <summary>What a call of a tool takes at most.</summary>
    public static Cost WorstCaseOfTool { get; } = new() { ToolCalls = 1, Processes = 1 };

    /// <summary>What the next call of the model may cost at most; null when the run cannot afford it.</summary>
    public static (Cost Reserved, int OutputTokensMax)? WorstCaseOfModel(RunState state, ModelPurpose purpose) =>
        WorstCaseOfModel(state, purpose, ModelToAsk(state));

    private static (Cost Reserved, int OutputTokensMax)? WorstCaseOfModel(
        RunState state, ModelPurpose purpose, int model)
    {
        var inputTokens = RequestTokens.AtMost(state, model);
        var remaining = state.Budget.Remaining;
        var terms = state.TermsOf(model);
        var room = state.Limits.ContextTokens - RequestTokens.Estimate(state, model);
        var output = Math.Min(state.Limits.OutputTokens, remaining.OutputTokens);
        output = Math.Min(output, Math.Max(room, purpose == ModelPurpose.Compaction ? OutputTokensMin * 4 : 0));
        output = Math.Min(output, AffordableOutput(terms, inputTokens, remaining.Dollars));
        var cost = CostOf(terms, inputTokens, output);
        var canPay = output >= OutputTokensMin && cost.FitsIn(remaining) && !state.Budget.IsOverdrawn;

        return canPay ? (cost, (int)output) : null;
    }

    /// <summary>The model of the chain that the next request goes to: the one that answered last, and after a while
    /// the one chosen for the task again.</summary>
    public static int ModelToAsk(RunState state)
    {
        var begins = state.Model is { Stage: ModelStage.Idle, FailureCode: "" };
        return begins && state.Now - state.FellBackAt >= ModelFallback.StayTime
            ? state.HomeModel : state.ModelIndex;
    }

    /// <summary>The price of tokens under the terms of a model; an unknown price costs nothing and is said to
    /// be unknown.</summary>
    public static Cost CostOf(ModelTerms model, long inputTokens, long outputTokens)
    {
        var dollars = ((inputTokens * (model.InputDollarsPerMillion ?? 0))
            + (outputTokens * (model.OutputDollarsPerMillion ?? 0))) / 1_000_000m;

        return new Cost { Dollars = dollars, InputTokens = inputTokens, OutputTokens = outputTokens };
    }

    private static long AffordableOutput(ModelTerms model, long inputTokens, decimal dollars)
    {
        if (model.OutputDollarsPerMillion is not > 0)
        {
            return long.MaxValue;
        }

        var left = dollars - (inputTokens * (model.InputDollarsPerMillion ?? 0) / 1_000_000m);
        var tokens = left * 1_000_000m / model.OutputDollarsPerMillion.Value;
        return tokens <= 0 ? 0 : (long)Math.Min(tokens, int.MaxValue);
    }

    /// <summary>Where a bill was higher than what was reserved, it is not the calls that are used up.</summary>
    private static RunLimit LimitOfTools(RunState state) => state.Budget.Remaining switch
    {
        { Dollars: < 0 } => RunLimit.Dollars,
        { InputTokens: < 0 } or { OutputTokens: < 0 } => RunLimit.Tokens,
        _ => RunLimit.ToolCalls,
    };

    private static FinishRun FinishAt(RunLimit limit) => limit switch
    {
        RunLimit.Dollars => new FinishRun(RunStatus.OutOfBudget, "budget.dollars"),
        RunLimit.Tokens => new FinishRun(RunStatus.OutOfBudget, "budget.tokens"),
        RunLimit.ToolCalls => new FinishRun(RunStatus.OutOfBudget, "budget.tool_calls"),
        RunLimit.WallTime => new FinishRun(RunStatus.OutOfBudget, "budget.wall_time"),
        RunLimit.BudgetOfPerson => new FinishRun(RunStatus.OutOfBudget, "budget.user"),
        RunLimit.BudgetOfTenant => new FinishRun(RunStatus.OutOfBudget, "budget.tenant"),
        RunLimit.Turns => new FinishRun(RunStatus.Failed, "limit.turns"),
        RunLimit.Loop => new FinishRun(RunStatus.Failed, "limit.loop"),
        RunLimit.Context => new FinishRun(RunStatus.Failed, "limit.context"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Step NextOfModel(RunState state)
    {
        var model = state.Model;

        return model.Stage switch
        {
            ModelStage.Requested => new CallModel(model.Purpose, state.Turn + 1, model.Attempt, model.RequestedAt),
            ModelStage.Pausing => new Wait(model.FailedAt + model.Pause),
            ModelStage.Failed => AfterFailure(state),
            _ => NextRequest(state),
        };
    }

    private static Step AfterFailure(RunState state)
    {
        if (state.Model.Purpose == ModelPurpose.Compaction)
        {
            return new CompactPlainly(state.Turn);
        }

        // A claim that failed its criteria is still what the agent has to say.
        return state.LastClaim.IsNone
            ? new FinishRun(RunStatus.Failed, state.Model.FailureCode)
            : new FinishRun(RunStatus.Unverified, Completion.Of(state) is { Status: RunStatus.Succeeded }
                ? "hook.denied" : Completion.Of(state).Reason);
    }

    private static Step NextRequest(RunState state)
    {
        if (state.MustReset)
        {
            return new CompactPlainly(state.Turn);
        }

        var purpose = NeedsCompaction(state) ? ModelPurpose.Compaction : ModelPurpose.Turn;

        // A stronger model may find the way out of what ends the run otherwise.
        if (!state.IsDeclined && state.Turn < state.Limits.Turns && NextRoute(state, purpose) is { } route)
        {
            return route;
        }

        if (state.Repeats >= state.Limits.RepeatsMax)
        {
            return FinishAt(RunLimit.Loop);
        }

        if (state.IsDeclined)
        {
            return new FinishRun(RunStatus.Failed, "model.declined");
        }

        if (state.EmptyReplies > EmptyRepliesMax)
        {
            return new FinishRun(RunStatus.Failed, "model.empty_reply");
        }

        if (state.Turn >= state.Limits.Turns)
        {
            return FinishAt(RunLimit.Turns);
        }

        var attempt = state.Model.Purpose == purpose ? state.Model.Attempt + 1 : 1;

        if (WorstCaseOfModel(state, purpose) is not null)
        {
            return (purpose == ModelPurpose.Compaction ? NextOfSummary(state) : null)
                ?? new ReserveModelCall(purpose, state.Turn + 1, attempt);
        }

        return purpose == ModelPurpose.Compaction ? new CompactPlainly(state.Turn) : OutOfBudget(state);
    }

    /// <summary>What does not fit any more, or hardly, or shall be smaller, is made so before the next
    /// turn.</summary>
    public static bool NeedsCompaction(RunState state)
    {
        var used = RequestTokens.Estimate(state, ModelToAsk(state));
        var reply = Math.Min(state.Limits.OutputTokens, state.Limits.ContextTokens / 4);

        return (state.MustCompact || used + reply > state.Limits.ContextTokens) && CompactableItems(state) > 0;
    }

    /// <summary>
    /// How many items after the pinned ones one compaction replaces: about half of them, or where a person asked
    /// for it all before the last reply, and never a reply without the observations that answer its calls.
    /// </summary>
    public static int CompactableItems(RunState state)
    {
        var pinned = state.Items.TakeWhile(item => item.IsPinned).Count();
        var last = state.Items.FindLastIndex(item => item.Kind == ContextItemKind.Reply);
        var half = pinned + ((state.Items.Count - pinned) / 2);
        var cut = state.MustCompact ? last : Math.Min(last, half);

        // The cut falls before a reply, so that whatever answers a call stays with it.
        while (cut > pinned && state.Items[cut].Kind != ContextItemKind.Reply)
        {
            cut--;
        }

        var count = cut <= pinned + 1 ? Math.Max(0, last - pinned) : cut - pinned;

        var others = state.Items.Skip(pinned).Take(count).Count(item => !item.IsPinned);

        // A summary alone does not get smaller by being summarised: that would go on for ever.
        return others == 0 || (others == 1 && state.Items[pinned].Kind == ContextItemKind.Summary) ? 0 : count;
    }

    private static Step OutOfBudget(RunState state)
    {
        var model = ModelToAsk(state);
        var inputTokens = RequestTokens.AtMost(state, model);
        var remaining = state.Budget.Remaining;

        if (RequestTokens.Estimate(state, model) + OutputTokensMin > state.Limits.ContextTokens)
        {
            return FinishAt(RunLimit.Context);
        }

        return remaining.InputTokens < inputTokens || remaining.OutputTokens < OutputTokensMin
            ? FinishAt(RunLimit.Tokens) : FinishAt(RunLimit.Dollars);
    }

    private static Step NextOfEvidence(RunState state)
    {
        if (state.IsOutputRefused)
        {
            return new FinishRun(RunStatus.Failed, "output.schema_mismatch");
        }

        if (state.OwesOutput && !state.IsOutputFitting)
        {
            return new CheckOutput(state.OutputMisfits);
        }

        for (var index = 0; index < state.Criteria.Length; index++)
        {
            var criterion = state.Criteria[index];

            if (criterion.Round == state.CheckRound)
            {
                continue;
            }

            if (state.Sandbox is null && state.SandboxRefusal is null)
            {
                return new VerifySandbox();
            }

            return criterion.IsRunning
                ? new RunCheck(index, state.CheckRound) : new StartCheck(index, state.CheckRound);
        }

        var (status, reason, _) = Completion.Of(state);
        return status == RunStatus.Succeeded ? NextOfStop(state, reason) : new FinishRun(status, reason);
    }
}
