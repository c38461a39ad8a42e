using System.Text.Json.Nodes;
using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>Interrupting, leaving and being ended: nothing is left running, and the terminal is as it was.</summary>
public sealed class EndingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static JsonObject Slow(JsonObject turn, int milliseconds = 120_000)
    {
        turn["latency_ms"] = milliseconds;
        return turn;
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Esc_ends_a_running_command_and_the_session_goes_on()
    {
        using var table = new ReeveTable(
            "", Call("shell", new { command = "echo begun; sleep 60.0601" }), Says("Going on."));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Enter("Sleep.");
        await reeve.SeesAsync("│ begun");
        Assert.NotEmpty(ReeveTable.ProcessesWith("sleep 60.0601"));
        reeve.Type("\u001b");
        await reeve.SeesAsync("! interrupted");
        Assert.Empty(ReeveTable.ProcessesWith("sleep 60.0601"));

        reeve.Enter("Go on then.");
        await reeve.SeesAsync("Going on.");
        reeve.Enter("/quit");
        Assert.Equal(0, await reeve.EndAsync());
    }

    [Theory]
    [InlineData("TERM", 0)]
    [InlineData("HUP", 130)]
    [InlineData("INT", 130)]
    [Trait("Req", "CLI-1")]
    public async Task A_signal_parks_the_turn_and_gives_the_terminal_back(string signal, int exitCode)
    {
        using var table = new ReeveTable("", Slow(Says("Too late.")));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        Assert.NotEqual(reeve.ModesBefore, reeve.Modes());
        Assert.True(reeve.MarksPastes);
        reeve.Enter("Wait.");
        await reeve.SeesAsync("turn 1 ·");

        reeve.Signal(signal);

        Assert.Equal(exitCode, await reeve.EndAsync());
        Assert.Equal(reeve.ModesBefore, reeve.Modes());
        await reeve.UntilAsync(() => !reeve.MarksPastes, "the end of the marks");
        var shown = await table.RunAsync(Stop, "show", "--json");
        Assert.Equal("paused", shown.Json.GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Suspending_gives_the_terminal_back_until_the_session_goes_on()
    {
        using var table = new ReeveTable("");
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        reeve.Type("half a thought");
        await reeve.PromptsAsync("half a thought");

        reeve.Signal("TSTP");
        await reeve.UntilAsync(() => !reeve.MarksPastes, "the end of the marks");
        reeve.Signal("CONT");
        await reeve.UntilAsync(() => reeve.MarksPastes, "marks around pastes");
        await reeve.PromptsAsync("half a thought");
        reeve.Type("\u0003\u0003");

        Assert.Equal(0, await reeve.EndAsync());
        Assert.Equal(reeve.ModesBefore, reeve.Modes());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_bug_in_the_process_gives_the_terminal_back_too()
    {
        using var table = new ReeveTable("");
        table.Set("DOTNET_STARTUP_HOOKS", typeof(EndingTests).Assembly.Location);
        table.Set("REEVE_TEST_FAULT", Path.Join(table.Workspace, "fault"));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        Assert.NotEqual(reeve.ModesBefore, reeve.Modes());

        await File.WriteAllTextAsync(Path.Join(table.Workspace, "fault"), "now", Stop);

        Assert.NotEqual(0, await reeve.EndAsync());
        Assert.Equal(reeve.ModesBefore, reeve.Modes());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Leaving_by_the_end_of_input_works_at_an_empty_prompt_only()
    {
        using var table = new ReeveTable("");
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Type("ab\u0001\u0004");
        await reeve.PromptsAsync("b");
        reeve.Type("\u0004\u0004");

        Assert.Equal(0, await reeve.EndAsync());
        Assert.Equal(reeve.ModesBefore, reeve.Modes());
    }
}
