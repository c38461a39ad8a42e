using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A limit of the run was met.</summary>
public sealed record LimitReached(
    RunLimit Limit) : EventBody
{
    public const string WireName = "limit.reached";
}
