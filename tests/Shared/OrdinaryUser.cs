using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Reeve.Tests.Shared;

/// <summary>Runs tests of this executable once more as a user who is not root, whoever runs it.</summary>
public static class OrdinaryUser
{
    /// <summary>Set where tests are run again: then none may find itself root.</summary>
    public const string Variable = "REEVE_TEST_AS_USER";

    private const string Id = "2000059997";

    private static readonly Regex s_total =
        new(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0", RegexOptions.NonBacktracking);

    /// <summary>Each test that is run again begins with this: one that is root after all proves nothing.</summary>
    public static void FailIfRoot() => Assert.False(
        Environment.GetEnvironmentVariable(Variable) is not null && Environment.IsPrivilegedProcess,
        "This test must run as an unprivileged user and found itself root.");

    /// <returns>How many tests passed; it fails where one did not.</returns>
    /// <param name="packages">A folder of installed packages that the user is lent; null for none.</param>
    /// <param name="filter">Arguments of the test runner.</param>
    public static int RunAgain(string? packages, params string[] filter)
    {
        var copy = Directory.CreateTempSubdirectory("reeve-as-user").FullName;

        try
        {
            Do("cp", "-r", AppContext.BaseDirectory, Path.Join(copy, "bin"));
            Do("mkdir", "-m", "1777", Path.Join(copy, "tmp"));

            if (packages is not null)
            {
                Do("mkdir", Path.Join(copy, "packages"));
                Do("cp", "-r", packages, Path.Join(copy, "packages", Path.GetFileName(packages)));
            }

            Do("chmod", "-R", "a+rX", copy);
            return Passed(copy, filter);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static int Passed(string copy, string[] filter)
    {
        List<string> drop = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", Id, "--regid", Id, "--clear-groups", "--inh-caps=-all", "--", "env"] : ["env"];
        var program = Path.GetFileName(Environment.ProcessPath!);
        string[] variables =
        [
            $"{Variable}=1", $"TMPDIR={copy}/tmp", $"HOME={copy}/tmp", $"NUGET_PACKAGES={copy}/packages",
        ];
        var start = new ProcessStartInfo(
            drop[0], [.. drop.Skip(1), .. variables, Path.Join(copy, "bin", program), "-noLogo", "-noColor", .. filter])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        var total = s_total.Match(output);
        Assert.True(total.Success, output);
        return int.Parse(total.Groups[1].ValueSpan);
    }

    private static void Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
