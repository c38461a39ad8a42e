using System.Globalization;
using System.Text;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>How the memory of a whole tree of processes is bounded on this machine.</summary>
public enum TreeAccounting
{
    /// <summary>We look every 50 ms and end the tree that is over.</summary>
    Watchdog = 0,

    /// <summary>The kernel counts: cgroups(7), version 1.</summary>
    ControlGroup1,

    /// <summary>The kernel counts: cgroups(7), version 2.</summary>
    ControlGroup2,
}

/// <summary>A control group of one sandbox: the kernel bounds memory and processes of everything in it.</summary>
/// <remarks>
/// The first of these that can be written is taken: a version 2 group that has been delegated with both
/// controllers, then version 1. Where neither can, <see cref="TryCreate"/> answers null and a watchdog counts.
/// </remarks>
internal sealed class ControlGroup : IDisposable
{
    private const string Own = "reeve";

    private readonly string _memory;
    private readonly string _processes;
    private readonly string? _cpu;
    private readonly bool _isVersion2;

    private ControlGroup(string memory, string processes, string? cpu, bool isVersion2)
    {
        _memory = memory;
        _processes = processes;
        _cpu = cpu;
        _isVersion2 = isVersion2;
    }

    public TreeAccounting Kind => _isVersion2 ? TreeAccounting.ControlGroup2 : TreeAccounting.ControlGroup1;

    public long MemoryBytesPeak => ReadNumber(_memory, _isVersion2 ? "memory.peak" : "memory.max_usage_in_bytes");

    /// <summary>CPU time of the tree, of what has ended too; null where nobody counts it.</summary>
    public TimeSpan? CpuTime => (_isVersion2, _cpu) switch
    {
        (true, _) => TimeSpan.FromMicroseconds(ReadField(_memory, "cpu.stat", "usage_usec")),
        (false, { } cpu) => TimeSpan.FromMicroseconds(ReadNumber(cpu, "cpuacct.usage") / 1000d),
        _ => null,
    };

    public static ControlGroup? TryCreate(string name, SandboxLimits limits, string mountPoint = "/sys/fs/cgroup")
    {
        var group = TryCreateVersion2(name, mountPoint) ?? TryCreateVersion1(name, mountPoint);

        if (group is null || group.TrySetLimits(limits))
        {
            return group;
        }

        group.Dispose();
        return null;
    }

    /// <summary>Starts a child inside the group; false where that cannot be done and it must be added.</summary>
    /// <remarks>
    /// A thread that moves itself, and nothing else, is moved at once. Moving another process waits until every
    /// processor has passed a quiet point, which often takes longer than the whole sandbox. Only version 1 knows
    /// threads that are elsewhere than their process.
    /// </remarks>
    public bool TryStartInside(Action start)
    {
        var isInside = false;

        try
        {
            isInside = !_isVersion2 && TryMoveThisThread(Directories());
            start();
        }
        finally
        {
            if (!_isVersion2)
            {
                _ = TryMoveThisThread(Directories().Select(directory => Path.GetDirectoryName(directory)!));
            }
        }

        return isInside;
    }

    public void Add(int process)
    {
        foreach (var directory in Directories())
        {
            Write(directory, "cgroup.procs", process.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The limit that the tree has run into, as the kernel recorded it.</summary>
    public CommandLimit Exceeded()
    {
        var killed = ReadField(_memory, _isVersion2 ? "memory.events" : "memory.oom_control", "oom_kill");

        if (killed > 0)
        {
            return CommandLimit.Memory;
        }

        return ReadField(_processes, "pids.events", "max") > 0 ? CommandLimit.Processes : CommandLimit.None;
    }

    /// <summary>Removes the group; it is empty when its sandbox has been reaped.</summary>
    public void Dispose()
    {
        foreach (var directory in Directories())
        {
            try
            {
                Directory.Delete(directory);
            }
            catch (IOException)
            {
                // A task that is still being reaped keeps it; the next sandbox of that name clears it away.
            }
        }
    }

    private static ControlGroup? TryCreateVersion2(string name, string mountPoint)
    {
        var parent = Path.Join(mountPoint, Own);

        if (!File.Exists(Path.Join(mountPoint, "cgroup.controllers")))
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(parent);
            Write(parent, "cgroup.subtree_control", "+memory +pids +cpu");
            var directory = Directory.CreateDirectory(Path.Join(parent, name)).FullName;

            return new ControlGroup(directory, directory, directory, isVersion2: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ControlGroup? TryCreateVersion1(string name, string mountPoint)
    {
        try
        {
            var memory = Path.Join(mountPoint, "memory");
            var processes = Path.Join(mountPoint, "pids");

            if (!File.Exists(Path.Join(memory, "cgroup.procs")) || !File.Exists(Path.Join(processes, "cgroup.procs")))
            {
                return null;
            }

            var cpu = Path.Join(mountPoint, "cpuacct");
            return new ControlGroup(
                Directory.CreateDirectory(Path.Join(memory, Own, name)).FullName,
                Directory.CreateDirectory(Path.Join(processes, Own, name)).FullName,
                File.Exists(Path.Join(cpu, "cgroup.procs"))
                    ? Directory.CreateDirectory(Path.Join(cpu, Own, name)).FullName
                    : null,
                isVersion2: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool TrySetLimits(SandboxLimits limits)
    {
        var memory = limits.MemoryBytes.ToString(CultureInfo.InvariantCulture);

        try
        {
            // What is born inside is there with its parent, which is bubblewrap and none of the command's.
            var processes = limits.Processes + (_isVersion2 ? 0 : 1);
            Write(_processes, "pids.max", processes.ToString(CultureInfo.InvariantCulture));
            Write(_memory, _isVersion2 ? "memory.max" : "memory.limit_in_bytes", memory);

            // Swap would only make the limit slow; where it is not accounted for, there is no such file.
            WriteIfPresent(_memory, "memory.swap.max", "0");
            WriteIfPresent(_memory, "memory.oom.group", "1");
            WriteIfPresent(_memory, "memory.memsw.limit_in_bytes", memory);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryMoveThisThread(IEnumerable<string> directories)
    {
        try
        {
            foreach (var directory in directories)
            {
                Write(directory, "tasks", "0");
            }

            return true;
        }
        catch (IOException)
        {
            // The child is added when it is there, as in version 2.
            return false;
        }
    }

    private IEnumerable<string> Directories() =>
        new[] { _memory, _processes, _cpu }.OfType<string>().Distinct(StringComparer.Ordinal);

    // One call each: these are settings and no files to lock, cut or create.
    private static void Write(string directory, string file, string value)
    {
        using var setting = Native.Open(Path.Join(directory, file), Native.CloseOnExec | Native.WriteOnly, mode: 0);
        Native.ThrowIf(setting.IsInvalid, "open");
        Native.WriteAll(setting, Encoding.ASCII.GetBytes(value));
    }

    private static void WriteIfPresent(string directory, string file, string value)
    {
        if (File.Exists(Path.Join(directory, file)))
        {
            Write(directory, file, value);
        }
    }

    private static long ReadNumber(string directory, string file) =>
        ProcessFiles.ReadText(Path.Join(directory, file)) is { } text && long.TryParse(text.Trim(), out var value)
            ? value
            : 0;

    private static long ReadField(string directory, string file, string field) =>
        ProcessFiles.ReadText(Path.Join(directory, file)) is { } text ? ProcessFiles.Field(text, field) ?? 0 : 0;
}
