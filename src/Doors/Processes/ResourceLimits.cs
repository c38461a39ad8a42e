namespace Reeve.Doors.Processes;

/// <summary>The limits that the kernel counts per process, set on a child that has not started yet
/// (getrlimit(2)).</summary>
internal static unsafe class ResourceLimits
{
    private const int CpuSeconds = 0, FileSize = 1, CoreSize = 4, Processes = 6, OpenFiles = 7, LockedMemory = 8;
    private const int QueuedSignals = 11, QueueBytes = 12, Nice = 13, RealTimePriority = 14, RealTimeMicroseconds = 15;
    private const ulong LockedBytes = 8 << 20, Signals = 4_096, MessageBytes = 819_200, MicrosecondsOff = 200_000;

    /// <param name="process">The child, still blocked.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="isGroupCounting">
    /// True where a control group bounds the processes: then it shall be the one that is run into, because it
    /// records that, which this limit does not.
    /// </param>
    public static void Set(int process, SandboxLimits limits, bool isGroupCounting)
    {
        const int Slack = 16;
        var seconds = (ulong)Math.Max(1, Math.Ceiling(limits.CpuTime.TotalSeconds));

        // The soft limit sends SIGXCPU, by which we know the cause; the hard one kills whoever ignores it.
        Set(process, CpuSeconds, seconds, seconds + 2);
        Set(process, FileSize, (ulong)limits.FileBytes);
        Set(process, CoreSize, 0);
        Set(process, Processes, (ulong)(limits.Processes + (isGroupCounting ? Slack : 0)));
        Set(process, OpenFiles, (ulong)limits.OpenFiles);
        Set(process, LockedMemory, LockedBytes);
        Set(process, QueuedSignals, Signals);
        Set(process, QueueBytes, MessageBytes);
        Set(process, Nice, 0);
        Set(process, RealTimePriority, 0);
        Set(process, RealTimeMicroseconds, MicrosecondsOff);
    }

    private static void Set(int process, int resource, ulong soft, ulong? hard = null)
    {
        Native.Bounds present, wanted;
        Native.ThrowIf(Native.SetLimit(process, resource, next: null, &present) < 0, "prlimit");

        // What the operator has set lower stays lower: nobody but root may raise it again.
        wanted.Hard = Math.Min(hard ?? soft, present.Hard);
        wanted.Soft = Math.Min(soft, wanted.Hard);
        Native.ThrowIf(Native.SetLimit(process, resource, &wanted, previous: null) < 0, "prlimit");
    }
}
