using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>How a command ended, and what was in force while it ran: the facts that go into the journal.</summary>
public sealed record SandboxRun(
    CommandResult Result, string FilterDigest, string ProfileDigest, SandboxLimits Limits, TreeAccounting Accounting);
