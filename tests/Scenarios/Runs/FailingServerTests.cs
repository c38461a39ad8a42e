using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Runs of the built command against a server that never comes to its senses.</summary>
public sealed class FailingServerTests
{
    [Fact]
    [Trait("Req", "MODEL-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_reply_that_is_too_large_is_told_with_its_limit_and_the_setting_that_raises_it()
    {
        using var reeve = ForeignRun.Folder();
        using var server = await ModelServerProcess.ForeignAsync(reeve, "padded");
        var model = server.Lend(reeve, "openai");
        string[] run = ["Mend it.", "--model", model, "--accept", ForeignRun.Accept];

        reeve.Environment["REEVE_MODELS__REPLY_MEGABYTES"] = "1";
        var refused = await reeve.RunAsync(run);
        reeve.Environment["REEVE_MODELS__REPLY_MEGABYTES"] = "8";
        var raised = await reeve.RunAsync(run);

        Assert.Equal(11, refused.ExitCode);
        Assert.Contains(
            "larger than 1 megabytes; set models.replyMegabytes higher", refused.All, StringComparison.Ordinal);

        Assert.Equal(0, raised.ExitCode);
    }

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
