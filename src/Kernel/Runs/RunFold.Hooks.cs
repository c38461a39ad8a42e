using Reeve.Authority.Labels;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

public static partial class RunFold
{
    private static RunState HearHooks(RunState state, HookFinished body, RunEvent entry) => body.Point switch
    {
        HookPoints.AfterTool => Release(state, body, entry),
        HookPoints.Prompt when Planner.OwesGoalToHooks(state) => state with
        {
            Hooks = state.Hooks with
            {
                IsGoalHeard = true,
                GoalRefusal = body.Answer == HookAnswer.Deny ? body.Reason : PayloadRef.None,
                GoalRefusalCode = body.Answer == HookAnswer.Deny ? body.ProblemCode : "",
            },
        },
        HookPoints.Prompt => TakeInput(state, body, entry),
        HookPoints.Stop => HearStop(state, body, entry),
        HookPoints.Compaction => state with { Hooks = state.Hooks with { Compaction = body.Answer } },
        _ => HearBeforeTool(state, body, entry),
    };

    // Who was asked by the gate already is not asked again by a hook.
    private static RunState HearBeforeTool(RunState state, HookFinished body, RunEvent entry) =>
        ChangeCall(state, entry, call => (body.Answer, call.Action.IsNone) switch
        {
            (HookAnswer.Deny, _) => call with
            {
                IsHooked = true, Stage = CallStage.Denied, ProblemCode = body.ProblemCode, Reason = body.Reason,
                HookLabel = entry.Label,
            },
            (HookAnswer.Ask, true) => call with
            {
                IsHooked = true, Stage = CallStage.HookAsks, Reason = body.Reason, HookLabel = entry.Label,
            },
            _ => call with { IsHooked = true },
        });

    // What was refused unstarted came from nowhere but the gate, and the words that end a run are its result.
    private static bool IsHeld(RunState state, ToolFinished body, CallId call) =>
        state.Admitted!.LaterHooks.HasFlag(HookPoints.AfterTool) && !body.EndsRun
            && state.Calls[call.Index].Stage == CallStage.Started;

    private static RunState Hold(RunState state, CallId call, ContextItem item, PayloadRef full) => state with
    {
        Calls = state.Calls.SetItem(
            call.Index, state.Calls[call.Index] with { Observation = item, HeldFull = full }),
    };

    /// <summary>The observation joins the conversation, or only the reason why it does not; the model never saw
    /// it.</summary>
    private static RunState Release(RunState state, HookFinished body, RunEvent entry)
    {
        var call = entry.Call!.Value;
        var (held, full) = (state.Calls[call.Index].Observation!, state.Calls[call.Index].HeldFull);
        var released = ChangeCall(state, entry, known => known with
        {
            Stage = CallStage.Finished, Observation = null, HeldFull = PayloadRef.None,
        });

        return body.Answer != HookAnswer.Deny
            ? Observe(released, call, held with { Sequence = entry.Sequence }, full)
            : Observe(
                released with { Todo = state.Todo == held.Content ? PayloadRef.None : state.Todo }, call,
                held with
                {
                    Sequence = entry.Sequence, Content = body.Reason, Tokens = body.Tokens, Label = entry.Label,
                },
                PayloadRef.None);
    }

    // What Reeve itself says to the model is nobody's prompt.
    private static bool IsHeldInput(RunState state, RunEvent entry) =>
        state.Admitted!.LaterHooks.HasFlag(HookPoints.Prompt) && entry.Label != LabelId.BuiltIn;

    private static RunState HoldInput(RunState state, InputReceived body, RunEvent entry) => state with
    {
        Hooks = state.Hooks with
        {
            Inputs = state.Hooks.Inputs.Add(new ContextItem(
                ContextItemKind.Input, entry.Sequence, 0, body.Text, body.Tokens, entry.Label)),
        },
    };

    private static RunState TakeInput(RunState state, HookFinished body, RunEvent entry)
    {
        var input = state.Hooks.Inputs[0];
        var heard = state with { Hooks = state.Hooks with { Inputs = state.Hooks.Inputs.RemoveAt(0) } };

        return body.Answer == HookAnswer.Deny ? heard : Unclaim(heard with
        {
            Items = heard.Items.Add(input with { Sequence = entry.Sequence }),
            ContextTokens = heard.ContextTokens + input.Tokens,
        });
    }

    /// <summary>An end that is not accepted is given back, as long as rounds are left.</summary>
    private static RunState HearStop(RunState state, HookFinished body, RunEvent entry)
    {
        if (body.Answer != HookAnswer.Deny)
        {
            return state with { Hooks = state.Hooks with { IsStopHeard = true } };
        }

        var denials = state.Hooks.StopDenials + 1;

        return denials > state.Admitted!.StopRounds
            ? state with { Hooks = state.Hooks with { IsStopHeard = true, StopCode = body.ProblemCode } }
            : AddItem(state, ContextItemKind.Input, entry, 0, body.Reason, body.Tokens) with
            {
                Hooks = state.Hooks with { StopDenials = denials },
                Failures = state.Failures + 1,
                LastClaim = state.Claim,
                Claim = PayloadRef.None,
            };
    }
}
