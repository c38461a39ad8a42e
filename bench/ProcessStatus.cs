using System.Globalization;

namespace Reeve.Bench;

/// <summary>What proc(5) says about this process.</summary>
internal static class ProcessStatus
{
    public static long ResidentBytesMax() => 1_024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
