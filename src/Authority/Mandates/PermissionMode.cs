namespace Reeve.Authority.Mandates;

/// <summary>How freely a run acts without asking. The unset mode is the strictest.</summary>
/// <remarks>
/// A mode says what happens where no rule speaks; deny and ask rules hold in every mode, and so do protected
/// things (the repository's own <c>.git</c>, Reeve's <c>.reeve</c>). What the table does not name is denied.
/// </remarks>
public enum PermissionMode
{
    /// <summary>Reads only: everything that changes anything is denied, also where a rule allows it.</summary>
    Plan = 0,

    /// <summary>Reads; asks before each write, deletion and command.</summary>
    Manual,

    /// <summary>The default mandate: reads, writes and commands inside the view and the sandbox are allowed.</summary>
    Default,

    /// <summary>Reads and edits; asks before each command.</summary>
    AcceptEdits,

    /// <summary>As the default mandate, under the name people know it by.</summary>
    Auto,

    /// <summary>As the default mandate; what would be asked is denied instead.</summary>
    DontAsk,

    /// <summary>
    /// Everything the sandbox contains is allowed, the network included. What leaves the sandbox (apply, host
    /// commands, secrets) is still asked. Only for a verified sandbox.
    /// </summary>
    BypassPermissions,

    /// <summary>As the default mandate, unattended: what is asked waits for an answer by the inbox.</summary>
    Daemon,
}
