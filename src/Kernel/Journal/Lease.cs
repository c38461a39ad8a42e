namespace Reeve.Kernel.Journal;

/// <summary>The right to append to a run, fenced by an epoch that only grows.</summary>
public sealed record Lease(RunKey Run, LeaseOwner Owner, int Epoch);

/// <summary>A process of this machine that cannot be mistaken for a later one with the same number.</summary>
/// <param name="BootId">The kernel's boot identifier.</param>
/// <param name="StartTicks">Start time of the process in clock ticks since boot.</param>
/// <param name="Instance">Tells owners within one process apart.</param>
public sealed record LeaseOwner(string BootId, int ProcessId, long StartTicks, int Instance);
