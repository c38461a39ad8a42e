using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>Finds what a command left behind, also where its parent is gone and nobody could name it as a
/// child.</summary>
/// <remarks>A process keeps the environment it was started with, and so do those that it starts (proc(5),
/// <c>environ</c>). A program that takes the mark out itself is not found; the operator chose the program.</remarks>
internal sealed class HostLeftovers(string mark)
{
    public const string Variable = "HOST_CALL_OF_REEVE";

    private const int RoundsMax = 20;

    /// <summary>Ends all of them; what is started meanwhile is found in the next round.</summary>
    public void End()
    {
        for (var round = 0; round < RoundsMax && Marked().ToList() is { Count: > 0 } found; round++)
        {
            found.ForEach(End);
        }
    }

    private IEnumerable<int> Marked()
    {
        var wanted = Encoding.UTF8.GetBytes($"\0{Variable}={mark}\0");

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId
                && ((byte[])[0, .. EnvironmentOf(folder), 0]).AsSpan().IndexOf(wanted) >= 0)
            {
                yield return id;
            }
        }
    }

    private static byte[] EnvironmentOf(string folder)
    {
        try
        {
            return File.ReadAllBytes($"{folder}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended, or belongs to somebody else and so is none of ours.
            return [];
        }
    }

    private static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }
}
