using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The gate has spoken, before anything happens. A call that cannot be parsed has a problem code.</summary>
public sealed record ToolDecided(
    string Tool,
    EffectClass EffectClass,
    bool NeedsSandbox,
    Decision Decision,
    PayloadRef Reason,
    string ProblemCode) : EventBody
{
    public const string WireName = "tool.decided";
}
