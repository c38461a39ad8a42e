namespace Reeve.Kernel.Evidence;

/// <summary>How far a result was proven. The unset value claims nothing.</summary>
public enum ProofLevel
{
    None = 0,

    /// <summary>No criteria and no change of files: there was nothing to check.</summary>
    Answered,

    /// <summary>The agent's own checks passed, after its last change.</summary>
    SelfChecked,

    /// <summary>Criteria set before the run were executed by Reeve itself on the final tree, and hold.</summary>
    Verified,
}

/// <summary>What a criterion said. A skipped check is not a passed one.</summary>
public enum CheckOutcome
{
    NotRun = 0,
    Passed,
    Failed,
}

/// <summary>A check the agent ran itself, by number.</summary>
public sealed record CheckReceipt(int ExitCode, bool IsCheck);
