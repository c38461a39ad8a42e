using System.Text;
using System.Text.RegularExpressions;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>Runs the attacks of this folder again as a user who is not root, whoever runs this.</summary>
[Collection("sandbox")]
public sealed class UnprivilegedUserTests
{
    private const string User = "2000059998";

    private static readonly Regex s_total = new(@"Total: (\d+), Errors: 0, Failed: 0", RegexOptions.NonBacktracking);

    [Fact, Trait("Req", "EXEC-1"), Trait("Req", "EXEC-3"), Trait("Req", "EXEC-4"), Trait("Req", "EXEC-5"),
        Trait("Req", "EXEC-13"), Trait("Req", "GATE-5")]
    public void Every_attack_is_stopped_for_an_unprivileged_user_too()
    {
        var copy = Directory.CreateTempSubdirectory("reeve-as-user").FullName;

        try
        {
            Assert.Equal(0, ForeignProgram.Run("/bin/cp", "-r", AppContext.BaseDirectory,
                Path.Join(copy, "bin")).ExitCode);
            Assert.Equal(0, ForeignProgram.Run("/bin/mkdir", "-m", "1777", Path.Join(copy, "tmp")).ExitCode);
            Assert.Equal(0, ForeignProgram.Run("/bin/chmod", "-R", "a+rX", copy).ExitCode);

            var (exitCode, output) = ForeignProgram.Run("/usr/bin/setpriv", Arguments(copy), environment: null);
            var text = Encoding.UTF8.GetString(output);

            Assert.True(exitCode == 0, text);
            Assert.InRange(int.Parse(s_total.Match(text).Groups[1].Value), 60, 500);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static string[] Arguments(string copy)
    {
        string[] drop = RunUser.IsNeeded ? ["--reuid", User, "--regid", User, "--clear-groups", "--inh-caps=-all"] : [];
        var program = Path.GetFileNameWithoutExtension(typeof(UnprivilegedUserTests).Assembly.Location);

        return
        [
            .. drop, "--", "/usr/bin/env", $"{SandboxTestbed.AsUserVariable}=1", $"TMPDIR={copy}/tmp",
            $"HOME={copy}/tmp",
            Path.Join(copy, "bin", program), "-noLogo", "-noColor", "-trait", "Runs=AsAnyone",
        ];
    }
}
