namespace Reeve.Kernel.Runs;

/// <summary>The limits that can end a run.</summary>
public enum RunLimit
{
    Turns = 0,
    WallTime,
    Tokens,
    Dollars,
    ToolCalls,

    /// <summary>The same call gave the same result too often.</summary>
    Loop,
    Context,

    /// <summary>What all runs of this person together may use up in a day.</summary>
    BudgetOfPerson,

    /// <summary>What all runs of the tenant together may use up in a day.</summary>
    BudgetOfTenant,
}

/// <summary>What brought a worker to a run that was not finished.</summary>
public enum ResumeCause
{
    /// <summary>Its worker is gone without a word.</summary>
    Recovered = 0,

    /// <summary>It had been parked.</summary>
    Continued,
}

/// <summary>Why nobody works on a run that is not finished.</summary>
public enum ParkCause
{
    Shutdown = 0,
    Approval,
    Doubt,
}
