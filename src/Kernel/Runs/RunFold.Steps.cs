using System.Collections.Immutable;
using Reeve.Authority.Policy;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Recovery;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

public static partial class RunFold
{
    /// <summary>How far back a repetition is seen.</summary>
    public const int FingerprintsMax = 32;

    /// <summary>Pauses before further attempts grow up to this.</summary>
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(60);

    private static RunState RequestModel(RunState state, ModelRequested body, RunEvent entry) => state with
    {
        Budget = state.Budget.Reserve(new CallId(entry.Sequence), body.Reserved)
            ?? throw new InvalidOperationException("A call was requested that the budget does not allow."),
        ModelIndex = body.Model,

        // Where nothing can be left out, the wish to leave something out is spent as well.
        MustCompact = state.MustCompact && body.Purpose == ModelPurpose.Compaction,
        Model = new ModelState(
            ModelStage.Requested, body.Purpose, body.Attempt, entry.Sequence, OutputTokensMax: body.OutputTokensMax,
            CountedTokens: RequestTokens.Counted(state)),
    };

    private static RunState Route(RunState state, ModelRouted body) => state with
    {
        HomeModel = body.To,
        ModelIndex = body.To,
        Model = ModelState.Idle,
        Failures = 0,
        EmptyReplies = 0,

        // Where the old model went round in circles, the new one begins anew.
        Fingerprints = body.Reason == RouteReason.Loop ? [] : state.Fingerprints,
    };

    private static RunState Reply(RunState state, ModelReplied body, RunEvent entry)
    {
        // What a person said while the model was thinking stands after the reply: it has not been answered yet.
        var place = state.Items.Count;

        while (state.Items[place - 1].Kind == ContextItemKind.Input
            && state.Items[place - 1].Sequence > state.Model.RequestedAt)
        {
            place--;
        }

        var isOvertaken = place < state.Items.Count;
        var item = new ContextItem(ContextItemKind.Reply, entry.Sequence, 0, body.Reply, body.Tokens, entry.Label);
        var replied = state with
        {
            Items = state.Items.Insert(place, item),
            ContextTokens = state.ContextTokens + body.Tokens,
            Turn = body.Turn,
            Hooks = state.Hooks.Compaction is null ? state.Hooks : state.Hooks with { Compaction = null },
            Budget = state.Budget.Settle(new CallId(state.Model.RequestedAt), body.Actual),
            Model = ModelState.Idle,
            Calls =
            [
                .. body.Calls.Select(call => new CallState(
                    new CallId(entry.Sequence, call.Index), call.Tool, CallStage.Asked)),
            ],
            IsDeclined = body.Shape == ReplyShape.Declined,
            EmptyReplies = body.Shape == ReplyShape.Empty ? state.EmptyReplies + 1 : 0,
            Failures = state.Failures + (body.Shape == ReplyShape.Empty ? 1 : 0),
        };

        replied = body.IsEstimated || body.IsCached
            ? replied : RequestTokens.Learn(state, replied, body.Actual.InputTokens);
        return body.Shape == ReplyShape.Final && !isOvertaken ? MakeClaim(replied, body.Reply) : replied;
    }

    private static RunState FailModel(RunState state, ModelFailed body, RunEvent entry)
    {
        var call = new CallId(state.Model.RequestedAt);
        var action = body.Action != RecoveryAction.None ? body.Action
            : Recoveries.OfModel(state with { Resets = Recoveries.ResetsMax }, body);
        var doubled = TimeSpan.FromMilliseconds(500 * Math.Pow(2, Math.Min(body.Attempt - 1, 10)) * Jitter(entry));
        var asked = TimeSpan.FromMilliseconds(body.RetryAfterMilliseconds);
        var pause = asked > TimeSpan.Zero ? asked : doubled;

        var billed = state with
        {
            Failures = state.Failures + (body.Code is "model.malformed" or "model.truncated" ? 1 : 0),
            Budget = body.WasSent ? state.Budget.Settle(call, body.Actual) : state.Budget.Refund(call),
        };

        // The next model is asked at once, and has all attempts before it.
        if (action == RecoveryAction.Fallback)
        {
            return billed with
            {
                ModelIndex = state.ModelIndex + 1,
                FellBackAt = entry.At,
                Model = ModelState.Idle with { Purpose = body.Purpose, FailureCode = body.Code },
            };
        }

        if (action == RecoveryAction.Reset)
        {
            return billed with { Resets = state.Resets + 1, MustReset = true, Model = ModelState.Idle };
        }

        return billed with
        {
            Model = state.Model with
            {
                Stage = action != RecoveryAction.Retry ? ModelStage.Failed : ModelStage.Pausing,
                Attempt = body.Attempt,
                Pause = pause < s_pauseMax ? pause : s_pauseMax,
                FailedAt = entry.At,
                FailureCode = body.Code,
            },
        };
    }

    /// <summary>Between 0.75 and 1.25, so that runs that failed together do not come back together; the same in
    /// replay.</summary>
    private static double Jitter(RunEvent entry)
    {
        var mixed = (ulong)entry.Run.Value * 0x9E37_79B9_7F4A_7C15 ^ ((ulong)entry.Sequence * 0xBF58_476D_1CE4_E5B9);
        return 0.75 + ((mixed >> 40) % 1_000 / 2_000.0);
    }

    /// <summary>The named number of items after the pinned ones is replaced by one summary; what is pinned among
    /// them, as the goal of a run that continues another, stands behind it.</summary>
    private static RunState Compact(RunState state, ContextCompacted body, RunEvent entry)
    {
        var pinned = state.Items.TakeWhile(item => item.IsPinned).Count();
        var range = state.Items.GetRange(pinned, body.Items);
        var (kept, removed) = (range.FindAll(item => item.IsPinned), range.FindAll(item => !item.IsPinned));
        var summary = new ContextItem(
            ContextItemKind.Summary, entry.Sequence, 0, body.Summary, body.Tokens, entry.Label);
        var call = new CallId(state.Model.RequestedAt);

        return state with
        {
            Items = state.Items.RemoveRange(pinned, body.Items).InsertRange(pinned, [summary, .. kept]),
            CompactedAt = entry.Sequence,
            Hooks = state.Hooks with { Compaction = null },
            TokenAnchor = null,
            MustReset = false,
            MustCompact = false,
            ContextTokens = state.ContextTokens - removed.Sum(item => (long)item.Tokens) + body.Tokens,
            Budget = state.Model.Stage == ModelStage.Requested
                ? state.Budget.Settle(call, body.Actual) : state.Budget,
            Model = ModelState.Idle,
        };
    }

    private static RunState Decide(RunState state, ToolDecided body, RunEvent entry) =>
        ChangeCall(state, entry, call => call with
        {
            Stage = body.Decision switch
            {
                Decision.Allow => CallStage.Ready,
                Decision.Ask => CallStage.WaitsForApproval,
                _ => CallStage.Denied,
            },
            EffectClass = body.EffectClass,
            NeedsSandbox = body.NeedsSandbox,
            ProblemCode = body.ProblemCode,
            Reason = body.Reason,
        });

    // An answer about another action than the one that waits changes nothing.
    private static RunState Answer(RunState state, ApprovalAnswered body, RunEvent entry) =>
        ChangeCall(state, entry, call => call.Stage != CallStage.WaitsForApproval || call.Action != body.Action
            ? call
            : body.Answer == ApprovalAnswer.Approved ? Approve(call, body.By)
            : call with
            {
                Stage = CallStage.Denied,
                Answer = body.By,
                ProblemCode = body.Answer == ApprovalAnswer.Expired ? "approval.expired" : "approval.denied",
                Reason = body.Said.IsNone ? call.Reason : body.Said,
            });

    private static CallState Approve(CallState call, PayloadRef by)
    {
        var approvers = call.Approvers.Add(by);

        return call with
        {
            Approvers = approvers,
            Answer = by,
            Stage = approvers.Length >= call.PersonsNeeded ? CallStage.Ready : CallStage.WaitsForApproval,
        };
    }

    private static RunState StartTool(RunState state, ToolStarted body, RunEvent entry) =>
        ChangeCall(state, entry, call => call with { Stage = CallStage.Started, Attempt = body.Attempt }) with
        {
            Budget = state.Budget.Reserve(entry.Call!.Value, body.Reserved)
                ?? throw new InvalidOperationException("A tool was started that the budget does not allow."),
        };

    private static RunState FinishTool(RunState state, ToolFinished body, RunEvent entry)
    {
        var call = entry.Call!.Value;
        var passedCheck = body.Receipt is { IsCheck: true, ExitCode: 0 };
        var item = new ContextItem(
            ContextItemKind.Observation, entry.Sequence, call.Index, body.Observation, body.Tokens, entry.Label);
        var isHeld = IsHeld(state, body, call);
        var observed = isHeld ? Hold(state, call, item, body.Full) : Observe(state, call, item, body.Full);
        var finished = observed with
        {
            Calls = observed.Calls.SetItem(call.Index, observed.Calls[call.Index] with
            {
                Stage = isHeld ? CallStage.Held : CallStage.Finished, Outcome = body.Outcome, EndsRun = body.EndsRun,
            }),
            Budget = state.Budget.HasReservation(call) ? state.Budget.Settle(call, body.Actual) : state.Budget,
            Fingerprints = Remember(state, body),
            Failures = state.Failures + (IsUnreadable(body) ? 1 : 0),
            Todo = body is { Tool: "todo", Outcome: ToolOutcome.Done } ? body.Observation : state.Todo,
            SelfCheckedAt = passedCheck ? entry.Sequence : state.SelfCheckedAt,
            ChangedAt = body.ChangedView && !passedCheck ? entry.Sequence : state.ChangedAt,
        };

        return body.EndsRun && !IsOvertaken(finished, call) ? MakeClaim(finished, body.Observation) : finished;
    }

    private static bool IsUnreadable(ToolFinished body) =>
        body.ProblemCode is "tool.unknown" or "argument.invalid";

    /// <summary>The call is made again: at once, or after its tree is back.</summary>
    private static RunState RecoverTool(RunState state, ToolRecovering body, RunEvent entry) =>
        ChangeCall(state, entry, call => call with
        {
            Stage = body.Action == RecoveryAction.RestoreCheckpoint ? CallStage.Interrupted : CallStage.Ready,
        }) with
        {
            Budget = state.Budget.Settle(entry.Call!.Value, body.Actual),
        };

    // A call that changed the tree is progress, also when it says the same as before.
    private static ImmutableList<string> Remember(RunState state, ToolFinished body)
    {
        var known = body.ChangedView ? [] : state.Fingerprints;
        known = known.Count == FingerprintsMax ? known.RemoveAt(0) : known;
        return known.Add(body.Fingerprint);
    }

    /// <summary>Results reach the model in the order asked, whatever the order in which they came.</summary>
    private static RunState Observe(RunState state, CallId call, ContextItem item, PayloadRef full)
    {
        var place = state.IndexOfReply(call) + 1;

        while (place < state.Items.Count
            && state.Items[place].Kind == ContextItemKind.Observation && state.Items[place].Index < call.Index)
        {
            place++;
        }

        return state with
        {
            Items = state.Items.Insert(place, item),
            ContextTokens = state.ContextTokens + item.Tokens,
            Archive = full.IsNone ? state.Archive : state.Archive.SetItem(state.ArchiveNameOf(call), full),
        };
    }

    /// <summary>A person has said something that the agent did not know when it made this call.</summary>
    private static bool IsOvertaken(RunState state, CallId call) =>
        state.Items.Skip(state.IndexOfReply(call)).Any(item => item.Kind == ContextItemKind.Input);

    /// <summary>A new claim is checked anew, whatever was found out about an earlier one.</summary>
    private static RunState MakeClaim(RunState state, PayloadRef claim) => state with
    {
        Claim = claim,
        IsOutputFitting = false,
        IsOutputRefused = false,
        Hooks = state.Hooks.IsStopHeard ? state.Hooks with { IsStopHeard = false, StopCode = "" } : state.Hooks,
        Criteria = [.. state.Criteria.Select(criterion => criterion with { Round = -1 })],
    };

    private static RunState RestoreCall(RunState state, RunEvent entry) =>
        entry.Call is null ? state : ChangeCall(state, entry, call => call with { Stage = CallStage.Ready });

    private static RunState FinishCheck(RunState state, CheckFinished body, RunEvent entry)
    {
        var checkedState = ChangeCriterion(state, body.Criterion, _ => new CriterionState(
            body.Outcome, body.Round, body.TreeId, body.ExitCode, IsRunning: false));
        var isRoundOver = checkedState.Criteria.All(criterion => criterion.Round == body.Round);
        var hasFailed = checkedState.Criteria.Any(criterion => criterion.Outcome == CheckOutcome.Failed);

        // What failed is shown to the model, as long as rounds are left.
        if (body.Outcome == CheckOutcome.Failed && body.Round < state.Limits.CheckRounds)
        {
            checkedState = AddItem(checkedState, ContextItemKind.Input, entry, 0, body.Output, body.Tokens);
        }

        return isRoundOver && hasFailed && body.Round < state.Limits.CheckRounds
            ? checkedState with
            {
                CheckRound = body.Round + 1,
                Failures = checkedState.Failures + 1,
                LastClaim = state.HasClaim ? state.Claim : state.LastClaim,
                Claim = PayloadRef.None,
            }
            : checkedState;
    }

    /// <summary>An answer that does not fit is given back, as long as repairs are left; it is never kept as
    /// one.</summary>
    private static RunState CheckOutput(RunState state, OutputChecked body, RunEvent entry)
    {
        if (body.Fits)
        {
            return state with { IsOutputFitting = true };
        }

        var told = state with { OutputMisfits = state.OutputMisfits + 1 };

        return state.OutputMisfits >= state.Admitted!.OutputRepairs
            ? told with { IsOutputRefused = true }
            : AddItem(told, ContextItemKind.Input, entry, 0, body.Problem, body.Tokens) with
            {
                Claim = PayloadRef.None,
            };
    }

    private static RunState ChangeCall(RunState state, RunEvent entry, Func<CallState, CallState> change)
    {
        var index = entry.Call!.Value.Index;
        return state with { Calls = state.Calls.SetItem(index, change(state.Calls[index])) };
    }

    private static RunState ChangeCriterion(RunState state, int index, Func<CriterionState, CriterionState> change) =>
        state with { Criteria = state.Criteria.SetItem(index, change(state.Criteria[index])) };
}
