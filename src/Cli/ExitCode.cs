namespace Reeve.Cli;

/// <summary>What a command tells the shell. Each ending that a script may want to tell apart has its own
/// number.</summary>
internal enum ExitCode
{
    /// <summary>Done; a run succeeded, or was parked because the system asked to stop.</summary>
    Ok = 0,

    /// <summary>Failed, or a bug.</summary>
    Error = 1,

    /// <summary>Wrong usage, configuration, folder or name.</summary>
    BadInput = 2,

    /// <summary>The run reached its limit of turns.</summary>
    TurnLimit = 3,

    /// <summary>The run is out of money, tokens, time or tool calls.</summary>
    OutOfBudget = 4,

    /// <summary>The mandate, a rule or a person said no; a command line would be denied.</summary>
    Denied = 5,

    /// <summary>The run waits for a person's approval; a command line would be asked about.</summary>
    ApprovalPending = 6,

    /// <summary>Finished, and what it claims was not proven.</summary>
    Unverified = 7,

    /// <summary>A person ended the run.</summary>
    Cancelled = 8,

    /// <summary>Nobody can tell whether an effect happened; a person must say.</summary>
    InDoubt = 9,

    /// <summary>No sandbox could be verified.</summary>
    NoSandbox = 10,

    /// <summary>The model or its provider failed.</summary>
    ModelFailed = 11,

    /// <summary>The store or the data directory cannot be used.</summary>
    StoreFailed = 12,

    /// <summary>The user changed the same files meanwhile; nothing was written.</summary>
    Conflict = 13,

    /// <summary>A journal does not verify.</summary>
    JournalBroken = 14,

    /// <summary>The answer does not fit the schema of the output, also after repairs.</summary>
    OutputMismatch = 15,

    /// <summary>A signal from the keyboard ended it; a run was parked unless a second signal came.</summary>
    Interrupted = 130,
}
