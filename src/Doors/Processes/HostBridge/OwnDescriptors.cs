using System.Globalization;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>Keeps the descriptors of this process out of programs that it starts on the machine.</summary>
/// <remarks>What Reeve opens closes on exec anyway; this is for what a library or the caller left open.</remarks>
internal static class OwnDescriptors
{
    private const int SetFlags = 2, CloseOnExec = 1;

    public static void KeepFromChildren()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // One that is gone by now, as that of this listing, cannot be kept back and need not be.
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 2)
            {
                _ = Native.Control(number, SetFlags, CloseOnExec);
            }
        }
    }
}
