namespace Reeve.Kernel.Evidence;

/// <summary>What a check that really ran can show for itself.</summary>
/// <param name="Check">The command, as it ran.</param>
/// <param name="ExitCode">Its own exit code.</param>
/// <param name="IsCheck">True for commands known to check something: tests, builds, linters.</param>
public sealed record Receipt(string Check, int ExitCode, bool IsCheck);
