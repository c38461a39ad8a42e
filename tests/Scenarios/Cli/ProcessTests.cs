using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>What one process does to a run that another works on, and what signals do to it.</summary>
public sealed class ProcessTests
{
    private const string Asking = """
        permissions:
          rules:
            ask: ["Write(a.txt)"]
        approvals:
          waitSeconds: 0
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-12")]
    public async Task A_signal_to_end_parks_the_run_and_resume_goes_on()
    {
        using var table = new ReeveTable("", Sleeps("2.0501"), Writes(), Finishes("Slept."));
        using var run = table.Start("run", "Sleep.", "--accept", "test -e a.txt", "--output-format", "stream-json");
        await run.UntilAsync("tool.started", Stop);

        run.Signal("TERM");
        var parked = await run.EndAsync(Stop);

        Assert.Equal((0, ""), (parked.ExitCode, parked.Error));
        Assert.Contains("\"run.parked\"", parked.Output, StringComparison.Ordinal);
        Assert.Empty(ReeveTable.ProcessesWith("sleep 2.0501"));

        var resumed = await table.RunAsync(Stop, "resume", "--output-format", "json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal("succeeded", resumed.Json.GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Req", "RUN-12")]
    public async Task A_second_signal_forces_and_leaves_nothing_running()
    {
        using var table = new ReeveTable("", Sleeps("2.0502"), Writes(), Finishes());
        using var run = table.Start("run", "Sleep.", "--accept", "test -e a.txt", "--output-format", "stream-json");
        await run.UntilAsync("tool.started", Stop);

        // Both wait for it while it stands still, so neither can come after its end.
        run.Signal("STOP");
        run.Signal("TERM");
        run.Signal("INT");
        run.Signal("CONT");
        var forced = await run.EndAsync(Stop);

        Assert.Equal(130, forced.ExitCode);
        var resumed = await table.RunAsync(Stop, "resume", "--output-format", "json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Empty(ReeveTable.ProcessesWith("sleep 2.0502"));
    }

    [Fact]
    [Trait("Req", "RUN-5")]
    public async Task Cancel_from_another_process_returns_when_nothing_of_the_run_is_left()
    {
        using var table = new ReeveTable("", Sleeps("600.0503"), Finishes());
        using var run = table.Start("run", "Sleep.", "--output-format", "stream-json");
        await run.UntilAsync("tool.started", Stop);

        var cancel = await table.RunAsync(Stop, "cancel");

        Assert.Equal(0, cancel.ExitCode);
        Assert.Empty(ReeveTable.ProcessesWith("sleep 600.0503"));
        Assert.Equal(8, (await run.EndAsync(Stop)).ExitCode);
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task An_approval_parks_the_run_and_another_process_answers_it()
    {
        using var table = new ReeveTable(Asking, Writes(), Finishes());

        var waiting = await table.RunAsync(Stop, "run", "Write.", "--accept", "test -e a.txt");
        Assert.Equal(6, waiting.ExitCode);
        Assert.Equal(0, (await table.RunAsync(Stop, "approve")).ExitCode);
        var resumed = await table.RunAsync(Stop, "resume", "--output-format", "json");

        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal("a.txt", resumed.Json.GetProperty("changes")[0].GetProperty("path").GetString());
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task A_run_that_still_waits_goes_on_by_itself_when_it_is_approved()
    {
        using var table = new ReeveTable(
            Asking.Replace("waitSeconds: 0", "waitSeconds: 60", StringComparison.Ordinal), Writes(), Finishes());
        using var run = table.Start("run", "Write.", "--accept", "test -e a.txt", "--output-format", "stream-json");
        await run.UntilAsync("approval.requested", Stop);

        Assert.Equal(0, (await table.RunAsync(Stop, "approve")).ExitCode);

        var ended = await run.EndAsync(Stop);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.DoesNotContain("run.parked", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task Of_two_that_resume_one_works_and_the_other_is_told_so()
    {
        using var table = new ReeveTable(Asking, Writes(), Sleeps("3.0504"), Finishes());
        Assert.Equal(6, (await table.RunAsync(Stop, "run", "Write.", "--accept", "test -e a.txt")).ExitCode);
        Assert.Equal(0, (await table.RunAsync(Stop, "approve")).ExitCode);

        using var first = table.Start("resume", "--output-format", "stream-json");
        await first.UntilAsync("tool.started", Stop);
        var second = await table.RunAsync(Stop, "resume");

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("run.busy", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await first.EndAsync(Stop)).ExitCode);
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public async Task Resume_applies_as_it_was_agreed_when_the_run_began()
    {
        using var table = new ReeveTable(Asking, Writes(), Finishes());
        await table.RunAsync(Stop, "run", "Write.", "--accept", "test -e a.txt", "--apply", "verified");
        await table.RunAsync(Stop, "approve");

        Assert.Equal(0, (await table.RunAsync(Stop, "resume")).ExitCode);

        Assert.Equal("written\n", File.ReadAllText(Path.Join(table.Workspace, "a.txt")));
    }

    private static System.Text.Json.Nodes.JsonObject Sleeps(string seconds) =>
        Call("shell", new { command = $"sleep {seconds}" });

    private static System.Text.Json.Nodes.JsonObject Writes() =>
        Call("write", new { path = "a.txt", content = "written\n" });
}
