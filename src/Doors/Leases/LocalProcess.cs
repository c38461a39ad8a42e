using System.Globalization;
using Reeve.Kernel.Journal;

namespace Reeve.Doors.Leases;

/// <summary>The present process as an owner of leases, and what it can tell of others.</summary>
/// <remarks>
/// A process is known by the boot of its machine, its process namespace, its number and its start time (proc(5)), so
/// a later process with the same number is not taken for it, and a run is resumed at once after kill -9. Where that
/// cannot be told, the owner counts as alive and its lease has to run out.
/// </remarks>
public sealed class LocalProcess
{
    private readonly string _here;

    private LocalProcess(string here, int instance)
    {
        _here = here;
        Owner = new LeaseOwner(here, Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, instance);
    }

    public LeaseOwner Owner { get; }

    /// <param name="instance">Tells owners within one process apart.</param>
    public static LocalProcess Current(int instance)
    {
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget;

        return new LocalProcess($"{boot} {space}", instance);
    }

    /// <summary>True only when the process of this owner has certainly ended.</summary>
    public bool IsDead(LeaseOwner owner)
    {
        if (owner.BootId != _here)
        {
            // Another boot has ended all of its processes. Another namespace of this boot cannot be looked into.
            return BootOf(owner.BootId) != BootOf(_here);
        }

        return StartOf(owner.ProcessId) != owner.StartTicks;
    }

    private static string BootOf(string here) => here.Split(' ')[0];

    /// <summary>Clock ticks from boot to the start of a process; null when there is none, or only its
    /// remains.</summary>
    private static long? StartOf(int processId)
    {
        // Fields 3 and 22 of stat in proc(5), counted after the name, which may itself hold spaces and brackets.
        const int State = 0, StartTime = 19;

        try
        {
            var stat = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

            return fields[State] is "Z" or "X"
                ? null
                : long.Parse(fields[StartTime], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended before or while it was read (ENOENT, ESRCH).
            return null;
        }
    }
}
