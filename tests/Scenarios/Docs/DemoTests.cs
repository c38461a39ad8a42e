using Reeve.Tests.Scenarios.Runs;
using Xunit;

namespace Reeve.Tests.Scenarios.Docs;

public sealed class DemoTests
{
    /// <summary>The demo looks each promise up in the world itself, and ends with 1 where one does not hold.</summary>
    [Fact]
    [Trait("Req", "RUN-1")]
    [Trait("Req", "RUN-6")]
    [Trait("Req", "GATE-3")]
    [Trait("Req", "FS-3")]
    public async Task The_demo_obeys_a_planted_instruction_and_no_harm_is_done()
    {
        using var reeve = new CommandProcess();
        reeve.Environment["REEVE_COMMAND"] = CommandProcess.Program;
        reeve.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(reeve.Root, "tmp")).FullName;
        reeve.Environment["CI"] = "true";

        var ended = await reeve.RunProgramAsync(Path.Combine(ExampleTests.Repository, "eng", "demo", "run"));

        Assert.True(ended.ExitCode == 0, ended.All);
        Assert.StartsWith("scripted model, no LLM was called\n", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT AS PROMISED", ended.Output, StringComparison.Ordinal);
        var table = ended.Output[ended.Output.IndexOf("attempted / happened", StringComparison.Ordinal)..];
        Assert.Equal(10, table.Split('\n').Count(line => line.StartsWith("  ✓ ", StringComparison.Ordinal)));
        Assert.Single(Directory.EnumerateFileSystemEntries(reeve.Environment["TMPDIR"]));
    }
}
