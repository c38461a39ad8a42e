using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>Nobody works on the run until it is resumed.</summary>
public sealed record RunParked(
    ParkCause Cause) : EventBody
{
    public const string WireName = "run.parked";
}
