namespace Reeve.Kernel.Recovery;

/// <summary>What kind of thing went wrong, whoever reported it.</summary>
public enum ErrorClass
{
    /// <summary>Nothing that doing it again, or elsewhere, could mend.</summary>
    Other = 0,
    Network,
    Timeout,
    RateLimit,

    /// <summary>Something is full: a context, a disk, a reply.</summary>
    Resources,

    /// <summary>What came back cannot be read.</summary>
    Parse,
    Authentication,

    /// <summary>A bug of ours.</summary>
    Broken,
}

/// <summary>What the run does about it.</summary>
public enum RecoveryAction
{
    /// <summary>Recorded before actions were.</summary>
    None = 0,

    /// <summary>The same again, after the pause that was asked for or a growing one.</summary>
    Retry,

    /// <summary>The next model of the chain is asked.</summary>
    Fallback,

    /// <summary>The tree from before the call is brought back, then the call is made again.</summary>
    RestoreCheckpoint,

    /// <summary>The conversation begins anew from a summary of itself.</summary>
    Reset,

    /// <summary>Given up here: the agent, or the person, is told.</summary>
    Escalate,
}
