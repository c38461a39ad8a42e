using System.Collections.Immutable;
using System.Diagnostics;
using Reeve.Authority.Labels;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Turns entries into state. Pure: the same entries give the same state, on any machine, at any
/// time.</summary>
public static partial class RunFold
{
    public static RunState Apply(RunState state, RunEvent entry)
    {
        var elapsed = state.Status == RunStatus.Running && entry.At > state.Now ? entry.At - state.Now : default;
        var next = Dispatch(state, entry);
        var (status, reason) = StatusOf(next);

        // One copy of the whole state for everything that each entry changes.
        return next with
        {
            Sequence = entry.Sequence,
            Epoch = entry.Epoch,
            Now = entry.At > state.Now ? entry.At : state.Now,

            // A worker that comes back after a pause did not work in between.
            ActiveTime = next.ActiveTime + (entry.Body is RunResumed ? default : elapsed),
            Status = status,
            Reason = reason,
        };
    }

    private static RunState Dispatch(RunState state, RunEvent entry) => entry.Body switch
    {
        RunAdmitted body => Admit(body, entry),
        ContextCarried body => Carry(state, body, entry),
        RunResumed => Resume(state),
        LabelInterned body => state with { Labels = state.Labels.Add(body.Definition) },
        GuidanceRead body => Pin(state, body, entry),
        InputReceived body when IsHeldInput(state, entry) => HoldInput(state, body, entry),
        InputReceived body => Unclaim(AddItem(state, ContextItemKind.Input, entry, 0, body.Text, body.Tokens)),
        CancelRequested => state with { IsCancelRequested = true },
        CompactionRequested => state with { MustCompact = true },
        BudgetWarned body => state with { Warned = state.Warned.Add(body.Part) },
        LimitReached body => state with { LimitReached = body.Limit },
        RunParked => state with { IsParked = true },
        RunFinished body => Charge(state) with { Finished = body },
        RunErased => state with { IsErased = true },
        ViewOpened body => state with { View = body, Tree = body.Tree, TreeId = body.TreeId },
        SandboxVerified body => state with { Sandbox = body, SandboxRefusal = null },
        SandboxRefused body => state with { SandboxRefusal = body },
        ViewCheckpointed body => Checkpoint(state, body, entry),
        ViewRestored => RestoreCall(state, entry),
        ChangesApplying => state,
        ChangesApplied body => state with { AppliedTransaction = body.Transaction },
        ChangesUndone => state with { AppliedTransaction = "" },
        ChangesDiscarded => state with { IsDiscarded = true },
        ModelRouted body => Route(state, body),
        ModelRequested body => RequestModel(state, body, entry),
        ModelReplied body => Reply(state, body, entry),
        ModelFailed body => FailModel(state, body, entry),
        WaitElapsed => state with { Model = state.Model with { Stage = ModelStage.Idle } },
        ContextCompacted body => Compact(state, body, entry),
        ToolDecided body => Decide(state, body, entry),
        ApprovalRequested body => ChangeCall(state, entry, call => call with
        {
            Stage = CallStage.WaitsForApproval, Action = body.Action, ApprovalExpiresAt = body.ExpiresAt,
            PersonsNeeded = Math.Max(1, body.Persons), Approvers = [],
        }),
        ApprovalAnswered body => Answer(state, body, entry),
        HookFinished body => HearHooks(state, body, entry),
        ApprovalExtended body => state.Approved.Count >= RunLimits.StandingMax ? state : state with
        {
            Approved = state.Approved.Add(
                new StandingState(body.Scope, body.Rules, body.ExpiresAt, body.DollarsMax)),
        },
        ApprovalRevoked body => state with { Revoked = state.Revoked.Add(body.Rule) },
        ToolStarted body => StartTool(state, body, entry),
        ToolRecovering body => RecoverTool(state, body, entry),
        ToolFinished body => FinishTool(state, body, entry),
        ToolInDoubt => ChangeCall(state, entry, call => call with { Stage = CallStage.InDoubt }),
        DoubtResolved body => ChangeCall(
            state, entry, call => call.Stage is not (CallStage.InDoubt or CallStage.Interrupted) ? call : call with
            {
                // What happened is followed by its observation; what did not may be started again.
                Stage = body.Happened ? CallStage.Started : CallStage.Ready,
            }),
        CheckStarted body => ChangeCriterion(state, body.Criterion, criterion => criterion with { IsRunning = true }),
        CheckFinished body => FinishCheck(state, body, entry),
        OutputChecked body => CheckOutput(state, body, entry),
        _ => throw new UnreachableException(entry.Body.GetType().Name),
    };

    private static (RunStatus Status, string Reason) StatusOf(RunState state)
    {
        if (state.Finished is { } finished)
        {
            return (finished.Status, finished.Reason);
        }

        return state switch
        {
            _ when state.Calls.Any(call => call.Stage == CallStage.InDoubt) => (RunStatus.InDoubt, "effect.in_doubt"),
            _ when state.Calls.Any(call => call.Stage == CallStage.WaitsForApproval) && !IsBusy(state) =>
                (RunStatus.Waiting, "approval"),
            { IsParked: true } => (RunStatus.Paused, "shutdown"),
            _ => (RunStatus.Running, "working"),
        };
    }

    private static bool IsBusy(RunState state) => state.Calls.Any(call => call.Stage == CallStage.Started);

    private static RunState Admit(RunAdmitted body, RunEvent entry)
    {
        var state = new RunState
        {
            Admitted = body,
            Principal = entry.Actor.Name,
            AdmittedAt = entry.At,
            Now = entry.At,
            Limits = body.Limits,
            Budget = new Budget(body.Limits.Budget),
            HomeModel = body.Router?.Start ?? 0,
            ModelIndex = body.Router?.Start ?? 0,
            TokenScales = [body.Model.TokenScale, .. body.Fallback.Select(model => model.TokenScale)],
            Criteria = [.. Enumerable.Repeat(new CriterionState(CheckOutcome.NotRun, -1, "", 0, false), body.Criteria)],
        };

        // What was carried over comes first, and the goal of this run behind it.
        return body.Origin is null
            ? AddItem(state, ContextItemKind.Goal, entry, 0, body.Goal, body.GoalTokens) : state;
    }

    private static RunState Carry(RunState state, ContextCarried body, RunEvent entry) => state with
    {
        Items = state.Items.AddRange(body.Items.Select(item => new ContextItem(
            item.Kind, entry.Sequence, item.Index, item.Content, item.Tokens, new LabelId(item.Label)))),
        CarriedAt = entry.Sequence,
        ContextTokens = state.ContextTokens + body.Items.Sum(item => (long)item.Tokens),
        Archive = state.Archive.SetItems(body.Items
            .Where(item => !item.Full.IsNone).Select(item => KeyValuePair.Create(item.Name, item.Full))),
    };

    /// <summary>Whatever was begun and has no bill may have cost all that was reserved.</summary>
    private static RunState Charge(RunState state) => state with
    {
        Budget = state.Budget.OpenReservations.Aggregate(
            state.Budget, (budget, call) => budget.SettleInDoubt(call)),
    };

    /// <summary>What the last worker began and did not end is interrupted; its reservations are charged
    /// whole.</summary>
    private static RunState Resume(RunState state) =>
        Charge(state) with
        {
            IsParked = false,
            Model = state.Model.Stage == ModelStage.Requested
                ? state.Model with { Stage = ModelStage.Idle } : state.Model,
            Criteria = [.. state.Criteria.Select(criterion => criterion with { IsRunning = false })],
            Calls = [.. state.Calls.Select(call => call.Stage == CallStage.Started
                ? call with { Stage = CallStage.Interrupted } : call)],
        };

    private static RunState AddItem(
        RunState state, ContextItemKind kind, RunEvent entry, int index, PayloadRef content, int tokens) =>
        state with
        {
            Items = state.Items.Add(new ContextItem(kind, entry.Sequence, index, content, tokens, entry.Label)),
            ContextTokens = state.ContextTokens + tokens,
        };

    /// <summary>Notes of a subfolder join what is pinned, at the front; two calls may have come to the same
    /// folder.</summary>
    private static RunState Pin(RunState state, GuidanceRead body, RunEvent entry)
    {
        if (string.IsNullOrEmpty(body.FolderId))
        {
            return AddItem(state, ContextItemKind.Guidance, entry, 0, body.Text, body.Tokens);
        }

        if (state.GuidanceFolders.Contains(body.FolderId))
        {
            return state;
        }

        var place = state.Items.TakeWhile(item => item.IsPinned).Count();
        var item = new ContextItem(ContextItemKind.Guidance, entry.Sequence, 0, body.Text, body.Tokens, entry.Label);

        return state with
        {
            Items = state.Items.Insert(place, item),
            ContextTokens = state.ContextTokens + body.Tokens,
            GuidanceFolders = state.GuidanceFolders.Add(body.FolderId),
            FolderGuidanceTokens = state.FolderGuidanceTokens + body.Tokens,
        };
    }

    // A person who adds something has not accepted what was claimed before.
    private static RunState Unclaim(RunState state) => state with { Claim = PayloadRef.None };

    /// <summary>A tree that comes back takes those after it with it, so that taking back twice goes further
    /// back.</summary>
    private static ImmutableList<EarlierTree> TreesBefore(RunState state, string treeId)
    {
        if (treeId == state.TreeId)
        {
            return state.EarlierTrees;
        }

        var known = state.EarlierTrees.FindLastIndex(earlier => earlier.TreeId == treeId);
        var trees = known >= 0
            ? state.EarlierTrees.GetRange(0, known)
            : state.EarlierTrees.Add(new EarlierTree(state.Tree, state.TreeId));

        return trees.Count > EarlierTree.CountMax ? trees.RemoveAt(0) : trees;
    }

    private static RunState Checkpoint(RunState state, ViewCheckpointed body, RunEvent entry) => state with
    {
        Tree = body.Tree,
        TreeId = body.TreeId,
        EarlierTrees = TreesBefore(state, body.TreeId),
        ChangedAt = body.TreeId == state.TreeId ? state.ChangedAt : entry.Sequence,
    };
}
