using System.Diagnostics;

namespace Reeve.Bench;

/// <summary>Starts a program, waits for its end, and insists that it went well.</summary>
internal static class Launch
{
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
    }
}
