using Reeve.Authority;

namespace Reeve.Doors.Processes;

/// <summary>What one command may use before it is ended. Every part has a bound; none can be switched off.</summary>
/// <remarks>Memory and processes count the whole tree of the command, threads included (getrlimit(2),
/// cgroups(7)).</remarks>
public sealed record SandboxLimits
{
    public const long MemoryBytesMax = 256L << 30, FileBytesMax = 1L << 40, DiskBytesMax = 1L << 40;
    public const long OutputBytesMax = 4L << 30, TemporaryBytesMax = 64L << 30, DiskFilesMax = 10_000_000;
    public const int ProcessesMax = 32_768, OpenFilesMax = 65_536, OutputKeptBytesMax = 16 << 20;

    public static readonly TimeSpan WallTimeMax = TimeSpan.FromHours(24);
    public static readonly TimeSpan CpuTimeMax = TimeSpan.FromHours(24 * 16);

    public static SandboxLimits Default { get; } = new();

    public TimeSpan WallTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of the whole tree, children that have ended included.</summary>
    public TimeSpan CpuTime { get; init; } = TimeSpan.FromMinutes(10);

    public long MemoryBytes { get; init; } = 2L << 30;

    public int Processes { get; init; } = 512;

    public int OpenFiles { get; init; } = 4_096;

    public long FileBytes { get; init; } = 1L << 30;

    /// <summary>How much the workspace may grow.</summary>
    public long DiskBytes { get; init; } = 4L << 30;

    public long DiskFiles { get; init; } = 500_000;

    /// <summary>The size of /tmp; /dev/shm has a quarter of it.</summary>
    public long TemporaryBytes { get; init; } = 1L << 30;

    /// <summary>Kept of each stream from its start.</summary>
    public int OutputHeadBytes { get; init; } = 64 << 10;

    /// <summary>Kept of each stream from its end.</summary>
    public int OutputTailBytes { get; init; } = 64 << 10;

    /// <summary>Both streams together; a command that writes more is ended.</summary>
    public long OutputBytes { get; init; } = 64L << 20;

    /// <summary>These limits, known to be possible ones.</summary>
    /// <exception cref="ProblemException"><c>limit.invalid</c></exception>
    public SandboxLimits Checked()
    {
        ThrowUnless(WallTime > TimeSpan.Zero && WallTime <= WallTimeMax, "wall time", "24 hours");
        ThrowUnless(CpuTime > TimeSpan.Zero && CpuTime <= CpuTimeMax, "CPU time", "16 days");
        ThrowUnless(MemoryBytes is >= 1 << 20 and <= MemoryBytesMax, "memory", "256 GiB, from 1 MiB");
        ThrowUnless(Processes is >= 4 and <= ProcessesMax, "processes", "32768, from 4");
        ThrowUnless(OpenFiles is >= 16 and <= OpenFilesMax, "open files", "65536, from 16");
        ThrowUnless(FileBytes is > 0 and <= FileBytesMax, "file size", "1 TiB");
        ThrowUnless(DiskBytes is > 0 and <= DiskBytesMax, "disk", "1 TiB");
        ThrowUnless(DiskFiles is > 0 and <= DiskFilesMax, "files on disk", "10000000");
        ThrowUnless(TemporaryBytes is >= 1 << 20 and <= TemporaryBytesMax, "temporary space", "64 GiB, from 1 MiB");
        ThrowUnless(OutputHeadBytes is >= 0 and <= OutputKeptBytesMax, "kept output", "16 MiB");
        ThrowUnless(OutputTailBytes is >= 0 and <= OutputKeptBytesMax, "kept output", "16 MiB");
        ThrowUnless(OutputBytes is > 0 and <= OutputBytesMax, "output", "4 GiB");

        return this;
    }

    private static void ThrowUnless(bool isPossible, string name, string bound) =>
        Problem.ThrowUnless(isPossible, "limit.invalid", $"The limit on {name} must be positive and at most {bound}.");
}
