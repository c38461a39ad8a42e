using System.Text.Json;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Whole runs of the built command against model servers over HTTP: our scripted one, and a foreign one
/// with every vice.</summary>
public sealed class HttpRunTests
{
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [Trait("Req", "RUN-1")]
    [Trait("Req", "MODEL-1")]
    [Trait("Req", "MODEL-6")]
    public async Task The_demo_task_is_done_and_verified_over_http(string dialect)
    {
        using var reeve = ForeignRun.Folder();
        using var server = await ModelServerProcess.ScriptedAsync(reeve, Of(
            Calls(("read", new { path = "calc.py" }), ("read", new { path = "test_calc.py" })),
            Call("shell", new { command = ForeignRun.Accept }),
            Call("edit", new { path = "calc.py", oldText = "a - b", newText = "a + b" }),
            Finishes("Mended.")));

        var ended = await reeve.RunAsync(
            "Mend it.", "--model", server.Lend(reeve, dialect), "--accept", ForeignRun.Accept, "--output-format", "json");

        using var document = JsonDocument.Parse(ended.Output);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("succeeded", document.RootElement.GetProperty("status").GetString());
        Assert.Equal("verified", document.RootElement.GetProperty("proof").GetProperty("level").GetString());
        Assert.Contains("a - b", reeve.Read("calc.py"), StringComparison.Ordinal);

        Assert.Equal(0, (await reeve.RunAsync("apply")).ExitCode);
        Assert.Contains("a + b", reeve.Read("calc.py"), StringComparison.Ordinal);
        await server.EndAsync();
        Assert.Equal(0, (await reeve.RunAsync("replay")).ExitCode);
        Assert.Equal(0, (await reeve.RunAsync("journal", "verify")).ExitCode);
    }

    [Theory]
    [InlineData("honest", "openai")]
    [InlineData("honest", "anthropic")]
    [InlineData("busy", "openai")]
    [InlineData("busy", "anthropic")]
    [InlineData("garbled", "openai")]
    [InlineData("garbled", "anthropic")]
    [InlineData("badjson", "openai")]
    [InlineData("badjson", "anthropic")]
    [InlineData("pause", "openai")]
    [InlineData("pause", "anthropic")]
    [Trait("Req", "MODEL-1")]
    [Trait("Req", "MODEL-2")]
    [Trait("Req", "MODEL-3")]
    public async Task What_a_foreign_server_gets_wrong_for_a_while_is_lived_with(string scenario, string dialect)
    {
        var (ended, _, _) = await ForeignRun.AgainstAsync(scenario, dialect);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("succeeded (verified)", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut", "openai")]
    [InlineData("cut", "anthropic")]
    [InlineData("half", "openai")]
    [InlineData("half", "anthropic")]
    [Trait("Req", "MODEL-2")]
    public async Task No_call_of_a_reply_that_was_cut_ever_runs(string scenario, string dialect)
    {
        var (ended, requests, journal) = await ForeignRun.AgainstAsync(scenario, dialect);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(scenario == "cut" ? "turn 1 attempt 1 cut" : "turn 1 attempt 1 no-end", requests, StringComparison.Ordinal);
        Assert.Contains("turn 1 attempt 2", requests, StringComparison.Ordinal);
        Assert.Contains("model.truncated", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("touch evil", journal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lies", "openai")]
    [InlineData("lies", "anthropic")]
    [InlineData("finishlies", "openai")]
    [InlineData("finishlies", "anthropic")]
    [Trait("Req", "RUN-6")]
    public async Task A_false_claim_of_success_ends_unverified(string scenario, string dialect)
    {
        var (ended, _, _) = await ForeignRun.AgainstAsync(scenario, dialect);

        Assert.Equal(7, ended.ExitCode);
        Assert.Contains("unverified (criteria.failed)", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hostile", "openai")]
    [InlineData("hostile", "anthropic")]
    [InlineData("escapes", "openai")]
    [InlineData("escapes", "anthropic")]
    [Trait("Req", "CLI-4")]
    [Trait("Req", "GATE-3")]
    public async Task A_hostile_turn_neither_commands_the_terminal_nor_leaves_the_workspace(string scenario, string dialect)
    {
        var (ended, _, _) = await ForeignRun.AgainstAsync(scenario, dialect);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("⊘", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "MODEL-2")]
    [Trait("Req", "BUDGET-1")]
    public async Task A_reply_of_megabytes_is_cut_at_its_reservation_and_the_run_goes_on()
    {
        var (ended, _, _) = await ForeignRun.AgainstAsync("huge", "anthropic");

        Assert.Equal(0, ended.ExitCode);
    }
}
