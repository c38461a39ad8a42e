using System.Diagnostics;
using Reeve.Authority;

namespace Reeve.Doors.Views;

/// <summary>A process that does nothing but keep a namespace, and ends when Reeve does.</summary>
/// <remarks>It reads from a pipe whose other end only Reeve holds: however Reeve ends, the pipe closes.</remarks>
internal sealed class MountKeeper : IDisposable
{
    private readonly Process _process;

    private MountKeeper(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Starts a program that says <c>ready</c> once its namespace is made.</summary>
    public static MountKeeper Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment.Add("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        var keeper = new MountKeeper(
            Process.Start(start) ?? throw new InvalidOperationException("No process was started."));

        // Ends at the latest with the process, whose output this is.
        if (keeper._process.StandardOutput.ReadLine() != "ready")
        {
            keeper.Dispose();
            Problem.Throw("view.no_overlay", "This system does not let Reeve mount a view; choose a copy.");
        }

        return keeper;
    }

    public void Dispose()
    {
        _process.StandardInput.Dispose();
        _process.WaitForExit();
        _process.Dispose();
    }
}
