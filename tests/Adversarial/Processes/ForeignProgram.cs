using System.Diagnostics;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>A program of the host without any guard: what attacks are measured against.</summary>
internal static class ForeignProgram
{
    public static (int ExitCode, byte[] Output) Run(string program, params string[] arguments) =>
        Run(program, arguments, environment: null);

    public static (int ExitCode, byte[] Output) Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();

        return (process.ExitCode, output.ToArray());
    }
}
