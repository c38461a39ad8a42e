using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Runs the promises of whole runs again as a user who is not root, whoever runs this.</summary>
public sealed class UnprivilegedRunTests
{
    private const string User = "2000059997";

    private static readonly Regex s_total = new(
        @"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0", RegexOptions.NonBacktracking);

    [Fact]
    [Trait("Req", "FS-3")]
    [Trait("Req", "RUN-1")]
    public void Shell_and_file_tools_share_one_tree_for_an_unprivileged_user_too()
    {
        var copy = Directory.CreateTempSubdirectory("reeve-as-user").FullName;

        try
        {
            Assert.Equal(0, Run(["cp", "-r", AppContext.BaseDirectory, Path.Join(copy, "bin")]).ExitCode);
            Assert.Equal(0, Run(["mkdir", "-m", "1777", Path.Join(copy, "tmp")]).ExitCode);
            Assert.Equal(0, Run(["chmod", "-R", "a+rX", copy]).ExitCode);
            string[] drop = Environment.IsPrivilegedProcess
                ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", "--inh-caps=-all", "--"] : [];
            var program = Path.GetFileNameWithoutExtension(typeof(UnprivilegedRunTests).Assembly.Location);

            var (exitCode, output) = Run(
            [
                .. drop, "env", $"{SharedTreeTests.AsUserVariable}=1", $"TMPDIR={copy}/tmp", $"HOME={copy}/tmp",
                Path.Join(copy, "bin", program), "-noLogo", "-noColor", "-trait", "Runs=AsAnyone",
            ]);

            Assert.True(exitCode == 0, output);
            Assert.InRange(int.Parse(s_total.Match(output).Groups[1].Value), 4, 100);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public void What_is_meant_for_a_user_fails_as_root()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.NotEqual("0", Run(["id", "-u"]).Output.Trim());
            return;
        }

        var (exitCode, output) = Run(
        [
            "env", $"{SharedTreeTests.AsUserVariable}=1", Environment.ProcessPath!, "-noLogo", "-noColor",
            "-trait", "Runs=AsAnyone",
        ]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("found itself root", output, StringComparison.Ordinal);
        Assert.Contains("Skipped: 0", output, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output) Run(string[] arguments)
    {
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        return (process.ExitCode, output);
    }
}
