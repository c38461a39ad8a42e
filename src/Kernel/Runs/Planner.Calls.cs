using System.Collections.Immutable;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

public static partial class Planner
{
    /// <summary>
    /// Pure calls that follow each other run side by side; every other call waits for those before it, so that
    /// "edit, then read" means what it says.
    /// </summary>
    private static ImmutableArray<Step> NextOfCalls(RunState state)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(Math.Min(state.Calls.Length, ParallelCallsMax));
        var areEarlierDone = true;
        var areEarlierPure = true;
        var hasEnded = false;

        foreach (var call in state.Calls)
        {
            hasEnded |= call is { IsFinished: true, EndsRun: true };

            if (call.IsFinished)
            {
                continue;
            }

            var mayAct = areEarlierDone || (areEarlierPure && call.EffectClass == EffectClass.Pure);

            if (NextOf(state, call, mayAct, hasEnded) is { } step)
            {
                steps.Add(step);
            }

            areEarlierDone = false;
            areEarlierPure &= call.EffectClass == EffectClass.Pure && call.Stage != CallStage.Asked;

            if (steps.Count == ParallelCallsMax)
            {
                break;
            }
        }

        return steps.DrainToImmutable();
    }

    private static Step? NextOf(RunState state, CallState call, bool mayAct, bool hasEnded) => call.Stage switch
    {
        CallStage.Asked or CallStage.Ready when hasEnded => new RefuseCall(call.Id, "run.already_finishing"),
        CallStage.Asked when call.Id.Index >= state.Limits.CallsPerTurn => new RefuseCall(call.Id, "call.too_many"),
        CallStage.Asked => new DecideCall(call.Id),
        CallStage.Denied => new RefuseCall(call.Id, call.ProblemCode),
        CallStage.WaitsForApproval => call.ApprovalExpiresAt <= state.Now ? new ExpireApproval(call.Id) : null,
        CallStage.HookAsks => new AskForHook(call.Id),
        CallStage.Ready => mayAct ? Begin(state, call) : null,
        CallStage.Started => new InvokeTool(call.Id, call.Attempt),
        CallStage.Interrupted => Recover(state, call),
        CallStage.Held => Ask(state, new AskHooks(HookPoints.AfterTool, call.Id)),
        _ => null,
    };

    private static Step Begin(RunState state, CallState call)
    {
        if (call.EffectClass == EffectClass.Contained && state.Sandbox is null && state.SandboxRefusal is null
            && call.NeedsSandbox)
        {
            return new VerifySandbox();
        }

        // They are asked last, about what would now be started.
        if (state.Admitted!.HasHooks && !call.IsHooked)
        {
            return Ask(state, new AskHooks(HookPoints.BeforeTool, call.Id));
        }

        return !state.Budget.CanReserve(WorstCaseOfTool)
            ? FinishAt(LimitOfTools(state)) : new StartTool(call.Id, call.Attempt + 1);
    }

    private static bool IsHalted(RunState state) => state.Limits.OnTimeout == ApprovalTimeout.Halt
        && state.Calls.Any(call => call is { Stage: CallStage.Denied, ProblemCode: "approval.expired" });

    private static bool IsUnknowable(CallState call) => call is
    {
        Stage: CallStage.Interrupted, EffectClass: EffectClass.Once or EffectClass.Queryable or EffectClass.Idempotent,
    };

    /// <summary>What recovery may do follows from the effect class alone, never from a guess.</summary>
    private static Step Recover(RunState state, CallState call) => call.EffectClass switch
    {
        // What cannot be paid again cannot be found out by sending it again.
        EffectClass.Idempotent when !state.Budget.CanReserve(WorstCaseOfTool) => new ParkInDoubt(call.Id),
        EffectClass.Pure or EffectClass.Idempotent => Begin(state, call),
        EffectClass.Contained => new RestoreView(call.Id, call.Attempt),
        EffectClass.Queryable => new AskWhetherItHappened(call.Id, call.Attempt),
        _ => new ParkInDoubt(call.Id),
    };
}
