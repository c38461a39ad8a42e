using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Git;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Git;

/// <summary>The largest of each argument is given to git, and one more is refused before git runs.</summary>
public sealed class GitBoundTests
{
    private readonly ScriptedPrograms _programs = new(ScriptedPrograms.Ended(0, "3f2a9c1\0"));

    [Fact]
    public Task A_log_has_at_most_so_many_commits() =>
        AssertBoundAsync(new GitLogTool(), GitLogTool.CommitsMax, count => new { count });

    [Fact]
    public Task A_log_leaves_out_at_most_so_many_commits() =>
        AssertBoundAsync(new GitLogTool(), GitLogTool.SkippedMax, skip => new { skip });

    [Fact]
    public Task A_revision_has_at_most_so_many_characters() => AssertBoundAsync(
        new GitLogTool(), GitNames.NameCharsMax, length => new { revision = new string('a', length) });

    [Fact]
    public Task A_branch_has_at_most_so_many_characters() => AssertBoundAsync(
        new GitBranchTool(), GitNames.NameCharsMax,
        length => new { action = "create", name = new string('a', length) });

    [Fact]
    public Task A_message_has_at_most_so_many_characters() => AssertBoundAsync(
        new GitCommitTool(), GitCommitTool.MessageCharsMax, length => new { message = new string('a', length) });

    [Fact]
    public Task A_commit_names_at_most_so_many_paths() => AssertBoundAsync(
        new GitCommitTool(), GitNames.PathsMax,
        count => new { message = "m", paths = Enumerable.Range(0, count).Select(number => $"{number}.txt") });

    private async Task AssertBoundAsync(ITool tool, int max, Func<int, object> argumentsOf)
    {
        var context = new ToolContext(new MemoryFiles { ["a.txt"] = "" }, _programs);

        await tool.InvokeAsync(argumentsOf(max), context);
        Assert.Single(_programs.Ran);

        var problem = await tool.RefusedAsync(argumentsOf(max + 1), context);
        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($"{max}", problem.Message, StringComparison.Ordinal);
        Assert.Single(_programs.Ran);
    }
}
