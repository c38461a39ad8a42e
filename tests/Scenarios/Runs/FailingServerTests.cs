using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Runs of the built command against a server that never comes to its senses.</summary>
public sealed class FailingServerTests
{
    [Theory]
    [InlineData("refuses", "model.authentication")]
    [InlineData("broken", "model.malformed")]
    [InlineData("page", "model.malformed")]
    [InlineData("noise", "model.malformed")]
    [InlineData("silent", "model.silent")]
    [InlineData("mute", "model.")]
    [InlineData("crowd", "model.reply_too_large")]
    [Trait("Req", "MODEL-2")]
    [Trait("Req", "MODEL-3")]
    [Trait("Req", "CLI-2")]
    public async Task A_server_that_cannot_be_worked_with_ends_the_run_with_its_reason(string scenario, string code)
    {
        var (ended, _, journal) = await ForeignRun.AgainstAsync(scenario, "openai");

        Assert.Equal(11, ended.ExitCode);
        Assert.Contains($"failed ({code}", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("touch evil", journal, StringComparison.Ordinal);
    }
}
