using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A worker took the run; calls that were started and have no end are interrupted.</summary>
public sealed record RunResumed(
    int Epoch,
    ResumeCause Cause) : EventBody
{
    public const string WireName = "run.resumed";
}
