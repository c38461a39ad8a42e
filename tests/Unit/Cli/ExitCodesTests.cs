using Reeve.Authority;
using Reeve.Cli;
using Reeve.Cli.Reference;
using Xunit;

namespace Reeve.Tests.Unit.Cli;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData("usage.unknown_flag", 2)]
    [InlineData("config.unknown_key", 2)]
    [InlineData("workspace.unreadable", 2)]
    [InlineData("run.not_found", 2)]
    [InlineData("limit.turns", 3)]
    [InlineData("budget.dollars", 4)]
    [InlineData("gate.denied", 5)]
    [InlineData("effect.in_doubt", 9)]
    [InlineData("sandbox.unavailable", 10)]
    [InlineData("model.unreachable", 11)]
    [InlineData("store.full", 12)]
    [InlineData("apply.stale", 13)]
    [InlineData("journal.altered", 14)]
    [InlineData("something.else", 1)]
    public void Each_family_of_problems_has_its_own_exit_code(string code, int exitCode) =>
        Assert.Equal(exitCode, (int)ExitCodes.Of(new Problem(code, "…")));

    [Fact]
    public void Every_exit_code_is_explained() => Assert.Empty(CliReference.Unexplained());
}
