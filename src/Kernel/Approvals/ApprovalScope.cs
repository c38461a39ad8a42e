namespace Reeve.Kernel.Approvals;

/// <summary>For how long an answer counts. Unset is the shortest.</summary>
public enum ApprovalScope
{
    /// <summary>This one action.</summary>
    Once = 0,

    /// <summary>What the rule covers, in this run.</summary>
    Session,

    /// <summary>What the rule covers, in every run of this folder.</summary>
    Project,

    /// <summary>What the rule covers, in every run of this person.</summary>
    Always,

    /// <summary>What an approved plan names, in this run, until it ends.</summary>
    Plan,
}

/// <summary>What happens to a question that nobody answered in time. Unset is the most careful.</summary>
public enum ApprovalTimeout
{
    /// <summary>The call is refused and the model is told.</summary>
    Deny = 0,

    /// <summary>The run lies still until somebody answers.</summary>
    Park,

    /// <summary>The run ends.</summary>
    Halt,
}
