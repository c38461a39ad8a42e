using Reeve.Kernel.Hooks;

namespace Reeve.Kernel.Runs;

public static partial class Planner
{
    /// <summary>A hook runs in a sandbox that held, or is told to have failed where there is none.</summary>
    private static Step Ask(RunState state, AskHooks step) =>
        state.Sandbox is null && state.SandboxRefusal is null ? new VerifySandbox() : step;

    /// <summary>The goal of this run is new, and no hook has heard it yet.</summary>
    internal static bool OwesGoalToHooks(RunState state) => !state.Hooks.IsGoalHeard
        && state.Admitted!.LaterHooks.HasFlag(HookPoints.Prompt)
        && state.Admitted.Origin is null or { HasPrompt: true };

    /// <summary>Nothing is done for a goal before it is taken; null where it is.</summary>
    private static Step? NextOfGoal(RunState state) => state.Hooks switch
    {
        { GoalRefusal.IsNone: false } hooks => new FinishRun(RunStatus.Failed, hooks.GoalRefusalCode),
        _ when OwesGoalToHooks(state) => Ask(state, new AskHooks(HookPoints.Prompt, About: 1)),
        _ => null,
    };

    /// <summary>A message is taken between turns, when the tree is still.</summary>
    private static Step? NextOfInput(RunState state) =>
        state is { Hooks.Inputs.IsEmpty: false, Model.Stage: ModelStage.Idle }
            ? Ask(state, new AskHooks(HookPoints.Prompt, About: state.Hooks.Inputs[0].Sequence)) : null;

    private static Step NextOfStop(RunState state, string reason) => state.Hooks switch
    {
        { StopCode.Length: > 0 } hooks => new FinishRun(RunStatus.Unverified, hooks.StopCode),
        { IsStopHeard: false } when state.Admitted!.LaterHooks.HasFlag(HookPoints.Stop) =>
            Ask(state, new AskHooks(HookPoints.Stop)),
        _ => new FinishRun(RunStatus.Succeeded, reason),
    };

    /// <summary>Null where a model may make the summary.</summary>
    private static Step? NextOfSummary(RunState state) => state.Hooks.Compaction switch
    {
        null when state.Admitted!.LaterHooks.HasFlag(HookPoints.Compaction) =>
            Ask(state, new AskHooks(HookPoints.Compaction)),
        HookAnswer.Deny => new CompactPlainly(state.Turn),
        _ => null,
    };
}
