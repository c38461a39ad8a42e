using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>Runs the promises of every kind of view once more as a user who is not root.</summary>
[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public sealed class OrdinaryUserTests
{
    private const int OrdinaryUser = 64_101;

    [Fact]
    public void The_same_promises_hold_for_an_ordinary_user()
    {
        List<string> arguments = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={OrdinaryUser}", $"--regid={OrdinaryUser}", "--clear-groups", "--"]
            : ["env"];
        arguments.AddRange(
        [
            Environment.ProcessPath!,
            "-explicit", "on", "-noColor",
            "-class", typeof(CopyViewTests).FullName!,
            "-class", typeof(OverlayViewTests).FullName!,
            "-class", typeof(CheckpointTests).FullName!,
            "-class", typeof(UnmadeViewTests).FullName!,
            "-class", typeof(CommitTests).FullName!,
        ]);
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment["HOME"] = "/tmp";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }
}
