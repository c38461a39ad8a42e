using System.Text.Json;
using Reeve.Cli.Commands;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class BadInputTests
{
    [Theory]
    [Trait("Req", "QUAL-1")]
    [InlineData("usage.unknown_flag", "Did you mean --model?", "do it", "--modle", "a/b")]
    [InlineData("usage.unknown_flag", "Did you mean --stat?", "diff", "--stta")]
    [InlineData("usage.unknown_command", "Did you mean apply?", "aply")]
    [InlineData("usage.invalid", "Name one of: verify.", "journal")]
    [InlineData("usage.invalid_value", "stream-json", "do it", "--output-format", "jsn")]
    [InlineData("config.invalid_value", "limits.turns must be", "do it", "--max-turns", "0")]
    [InlineData("config.invalid_value", "permissions.mode must be", "do it", "--permission-mode", "yolo")]
    [InlineData("workspace.not_found", "There is no such folder", "do it", "-C", "missing")]
    [InlineData("run.not_found", "reeve runs --all", "show")]
    [InlineData("goal.missing", "reeve \"goal\"", "run")]
    public async Task Bad_input_is_one_sentence_and_exit_code_two(string code, string sentence,
        params string[] arguments)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"reeve: {code}: ", session.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, session.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Error.Count(letter => letter == '\n'));
        Assert.Empty(session.Output);
    }

    [Fact]
    [Trait("Req", "QUAL-1")]
    public async Task A_failure_is_an_object_for_programs()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = new CommandSession(reeve);

        await session.TypeAsync("show", "--json");

        using var document = JsonDocument.Parse(session.Output);
        Assert.Equal("run.not_found", document.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.False(document.RootElement.GetProperty("error").GetProperty("retryable").GetBoolean());
    }

    [Fact]
    [Trait("Req", "QUAL-1")]
    public async Task A_goal_and_criteria_have_bounds()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var long_ = new string('x', RunCommand.GoalLengthMax + 1);
        var many = Enumerable.Repeat(new[] { "--accept", "true" }, RunCommand.CriteriaMax + 1).SelectMany(pair => pair);

        Assert.Equal(2, await new CommandSession(reeve) { Input = long_ }.TypeAsync("run"));
        Assert.Equal(2, await new CommandSession(reeve).TypeAsync(["run", "do it", .. many]));
        Assert.Equal(2, await new CommandSession(reeve).TypeAsync(
            "approve", "--reason", new string('x', ApproveCommand.ReasonLengthMax + 1)));
    }

    [Fact]
    [Trait("Req", "QUAL-1")]
    public async Task A_bug_is_shown_by_its_fingerprint_and_logged_for_its_owner_alone()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Change = _ => throw new InvalidTimeZoneException("/a/path/of/this/machine");
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("do it now");

        var log = Path.Combine(reeve.Data, "logs", "errors.log");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("reeve: internal: A bug in Reeve (fingerprint ", session.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/a/path", session.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Reeve.", session.Error, StringComparison.Ordinal);
        Assert.Contains("/a/path", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log));
    }
}
