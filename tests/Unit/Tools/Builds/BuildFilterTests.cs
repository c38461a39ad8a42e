using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Builds;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Builds;

public sealed class BuildFilterTests
{
    [Fact]
    public async Task A_filter_of_the_longest_length_reaches_the_command_whole()
    {
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(0));
        var filter = new string('a', BuildRun.FilterCharsMax);

        await new TestTool().InvokeAsync(new { stack = "python", filter }, Context(programs));

        Assert.Equal(filter, Assert.Single(programs.Ran).Arguments[^1]);
    }

    [Fact]
    public async Task A_longer_filter_is_refused_before_anything_runs()
    {
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(0));
        var filter = new string('a', BuildRun.FilterCharsMax + 1);

        var problem = await new TestTool().RefusedAsync(new { stack = "python", filter }, Context(programs));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($"{BuildRun.FilterCharsMax}", problem.Message, StringComparison.Ordinal);
        Assert.Empty(programs.Ran);
    }

    private static ToolContext Context(ScriptedPrograms programs) =>
        new(new MemoryFiles { ["a.py"] = "" }, programs);
}
