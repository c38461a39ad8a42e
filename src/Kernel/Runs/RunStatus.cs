namespace Reeve.Kernel.Runs;

/// <summary>Where a run stands. Every change has a reason code, and each word is true when it is said.</summary>
public enum RunStatus
{
    Queued = 0,
    Running,

    /// <summary>For a person's answer, or for a time.</summary>
    Waiting,
    Paused,

    /// <summary>Nobody can tell whether an effect happened; a person must say.</summary>
    InDoubt,
    Succeeded,

    /// <summary>Finished, and what it claims was not proven.</summary>
    Unverified,
    Failed,
    Cancelled,
    OutOfBudget,
}
