using Reeve.Kernel.Hooks;

namespace Reeve.Kernel.Journal.Events;

/// <summary>What the operator's hooks say at one point of a run; they can only add to what forbids it.</summary>
public sealed record HookFinished(
    string Tool,
    int Hooks,
    HookAnswer Answer,
    string ProblemCode,
    PayloadRef Reason,
    long Milliseconds) : EventBody
{
    public HookPoints Point { get; init; } = HookPoints.BeforeTool;

    /// <summary>Of the reason, where the model is told it as it stands.</summary>
    public int Tokens { get; init; }

    public const string WireName = "hook.finished";
}
