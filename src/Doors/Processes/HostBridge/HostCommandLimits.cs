namespace Reeve.Doors.Processes.HostBridge;

/// <summary>What one command on the machine may use before it is ended.</summary>
/// <param name="Time">From its start to its end.</param>
/// <param name="OutputBytes">Both streams together.</param>
public sealed record HostCommandLimits(TimeSpan Time, long OutputBytes)
{
    public static HostCommandLimits Default { get; } = new(TimeSpan.FromMinutes(10), 16L << 20);
}
