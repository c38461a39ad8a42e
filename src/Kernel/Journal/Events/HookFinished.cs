using Reeve.Kernel.Hooks;

namespace Reeve.Kernel.Journal.Events;

/// <summary>What the operator's hooks say of a call, before it is started; they can only add to what forbids
/// it.</summary>
public sealed record HookFinished(
    string Tool,
    int Hooks,
    HookAnswer Answer,
    string ProblemCode,
    PayloadRef Reason,
    long Milliseconds) : EventBody
{
    public const string WireName = "hook.finished";
}
