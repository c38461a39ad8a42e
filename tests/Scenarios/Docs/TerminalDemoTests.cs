using Reeve.Tests.Scenarios.Runs;
using Xunit;

namespace Reeve.Tests.Scenarios.Docs;

public sealed class TerminalDemoTests
{
    /// <summary>The recording looks each step up on the screen and in the folder, and ends with 1 where one is not as
    /// promised. It is kept with what the build makes.</summary>
    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_session_is_recorded_with_task_approval_diff_apply_rewind_fork_and_cost()
    {
        using var reeve = new CommandProcess();
        var record = Path.Combine(ExampleTests.Repository, "artifacts", "terminal-session.txt");
        File.Delete(record);
        reeve.Environment["REEVE_COMMAND"] = CommandProcess.Program;
        reeve.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(reeve.Root, "tmp")).FullName;

        var demo = Path.Combine(ExampleTests.Repository, "eng", "demo", "terminal");
        var ended = await reeve.RunProgramAsync(demo, record);

        Assert.True(ended.ExitCode == 0, ended.All);
        var session = await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken);

        foreach (var part in (string[])
            ["? The agent asks to use edit", "+    return a + b", "✓ applied 1 path", "rewound to entry",
                "forked from", "session   $0.01", "ended with 0"])
        {
            Assert.Contains(part, session, StringComparison.Ordinal);
        }
    }
}
