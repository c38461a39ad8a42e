using System.Globalization;
using Reeve.Kernel.Journal;

namespace Reeve.Doors.Leases;

/// <summary>Tells whether the owner of a lease still lives, so that a run is resumed at once after kill -9.</summary>
/// <remarks>
/// A process is known by the boot of its machine, its process namespace, its number and its start time (proc(5)), so
/// a later process with the same number is not taken for it. Where that cannot be told, the owner counts as alive
/// and its lease has to run out.
/// </remarks>
public static class LocalProcesses
{
    /// <summary>The present process.</summary>
    /// <param name="instance">Tells owners within one process apart.</param>
    public static LeaseOwner Current(int instance) =>
        new(BootId(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, instance);

    public static bool IsAlive(LeaseOwner owner)
    {
        var here = BootId();

        if (owner.BootId != here)
        {
            // Another boot has ended all of its processes. Another namespace of this boot cannot be looked into.
            return BootOf(owner.BootId) == BootOf(here);
        }

        return StartOf(owner.ProcessId) == owner.StartTicks;
    }

    private static string BootId()
    {
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget;

        return $"{boot} {space}";
    }

    private static string BootOf(string bootId) => bootId.Split(' ')[0];

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
