using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Looks at a running sandbox from outside and says which limit of the whole tree it has passed.</summary>
/// <remarks>
/// Where the kernel counts in a control group, this only asks it. Elsewhere it walks the tree. Looking never
/// takes more than about a fifth of the time: after a slow look the next one waits longer.
/// </remarks>
internal sealed class TreeWatch(int init, SandboxLimits limits, ControlGroup? group, DiskWatch? disk, TimeProvider time)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly long _sharedBefore = group is null ? SharedMemory() : 0;
    private long _nextLook;
    private TimeSpan _cpu;

    public long MemoryBytesPeak { get; private set; }

    public CommandLimit Look()
    {
        var start = time.GetTimestamp();

        if (start < _nextLook)
        {
            return CommandLimit.None;
        }

        var exceeded = group is null ? LookAtTree() : LookAtGroup(group);

        if (exceeded == CommandLimit.None && disk is not null && disk.IsExceeded(start))
        {
            exceeded = CommandLimit.Disk;
        }

        var pause = Math.Max(Period.Ticks, 4 * time.GetElapsedTime(start).Ticks);
        _nextLook = time.GetTimestamp() + (long)(pause / (double)TimeSpan.TicksPerSecond * time.TimestampFrequency);

        return exceeded;
    }

    private CommandLimit LookAtGroup(ControlGroup group) =>
        group.Exceeded() is var exceeded and not CommandLimit.None ? exceeded
        : group.CpuTime > limits.CpuTime ? CommandLimit.CpuTime
        : CommandLimit.None;

    /// <summary>What can only be told when it is over; memory and processes are asked for after that.</summary>
    public CommandLimit LookBack() =>
        group?.CpuTime > limits.CpuTime ? CommandLimit.CpuTime
        : disk?.IsExceeded(time.GetTimestamp()) == true ? CommandLimit.Disk
        : CommandLimit.None;

    private CommandLimit LookAtTree()
    {
        var tree = ProcessFiles.Tree(init, limits.Processes + 16);
        var usages = tree.ConvertAll(ProcessFiles.Usage);
        var files = TemporaryBytes();
        var nameless = NamelessBytes(tree);
        var memory = usages.Sum(each => each.Memory) + files + nameless;
        MemoryBytesPeak = Math.Max(MemoryBytesPeak, memory);

        if (memory > limits.MemoryBytes && ProportionalBytes(tree, nameless) + files > limits.MemoryBytes)
        {
            return CommandLimit.Memory;
        }

        // The kernel refuses the one that would pass the limit, so standing at it is having run into it.
        if (usages.Sum(each => each.Threads) >= limits.Processes)
        {
            return CommandLimit.Processes;
        }

        return CpuOf(tree) > limits.CpuTime ? CommandLimit.CpuTime : CommandLimit.None;
    }

    // A child that was waited for counts in its parent. What ends uncounted makes the sum fall back, so that the
    // highest sum seen is the answer; nothing here is ever too high.
    private TimeSpan CpuOf(List<int> tree)
    {
        var now = TimeSpan.FromTicks(tree.Sum(process => ProcessFiles.CpuTime(process).Ticks));
        _cpu = now > _cpu ? now : _cpu;
        return _cpu;
    }

    private static long SharedMemory() =>
        ProcessFiles.ReadText("/proc/meminfo") is { } text ? (ProcessFiles.Field(text, "Shmem") ?? 0) * 1024 : 0;

    // Pages of a nameless file that are mapped are in the shares of the processes too: they count once.
    private static long ProportionalBytes(List<int> tree, long nameless)
    {
        var shares = tree.ConvertAll(ProcessFiles.ProportionalBytes);
        return shares.Sum(each => each.Anonymous) + Math.Max(shares.Sum(each => each.Shared), nameless);
    }

    // Files of memfd_create(2) are in no directory and, unless mapped, in no count of a process. Every descriptor
    // is looked at only when the machine's shared memory has grown enough for it to matter.
    private long NamelessBytes(List<int> tree)
    {
        if (SharedMemory() - _sharedBefore < limits.MemoryBytes / 4)
        {
            return 0;
        }

        return tree.SelectMany(ProcessFiles.Descriptors)
            .Where(link => new FileInfo(link).LinkTarget?.StartsWith("/memfd:", StringComparison.Ordinal) == true)
            .Select(link => FileStatus.Of(link, follow: true))
            .OfType<FileStatus>()
            .DistinctBy(status => (status.Device, status.Inode))
            .Sum(status => status.BytesOnDisk);
    }

    // What lies in /tmp and /dev/shm is memory too, and an inode there takes about a kilobyte of the kernel's.
    private long TemporaryBytes() => new[] { "tmp", "dev/shm" }
        .Select(path => FileSystem.Usage($"/proc/{init}/root/{path}"))
        .Where(usage => usage is not null)
        .Sum(usage => usage!.Value.Bytes + (usage.Value.Files * 1024));
}
