using Reeve.Hosting;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Runs that share a ceiling stay below it together, whatever each may spend by itself.</summary>
[Trait("Req", "BUDGET-1")]
public sealed class SharedBudgetTests
{
    private static readonly string s_script = Of(
        Call("tree", new { path = "." }), Call("glob", new { pattern = "**" }), Finishes());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("budget.user")]
    [InlineData("budget.tenant")]
    [Trait("Req", "RUN-8")]
    public async Task A_run_ends_where_the_runs_before_it_have_used_up_what_they_share(string reason)
    {
        var ceiling = SharedCeilings.Unlimited with { ToolCalls = 4 };
        await using var reeve = new ReeveHarness(s_script)
        {
            Change = options => options with
            {
                Ceilings = reason == "budget.user" ? new(ceiling, null) : new(null, ceiling),
            },
        };

        var first = await reeve.RunAsync();
        var second = await reeve.RunAsync();

        Assert.Equal(RunStatus.Succeeded, first.Status);
        Assert.Equal((RunStatus.OutOfBudget, reason), (second.Status, second.Reason));
        Assert.Equal(4, first.Bill.ToolCalls + second.Bill.ToolCalls);
        await using var host = await reeve.OpenAsync();
        Assert.Null((await host.ReplayAsync(first.Run, Stop)).Fault);
        Assert.Null((await host.ReplayAsync(second.Run, Stop)).Fault);
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task What_a_worker_took_into_its_grave_is_put_right_by_the_next()
    {
        await using var reeve = new ReeveHarness(s_script)
        {
            Change = options => options with
            {
                Ceilings = new(SharedCeilings.Unlimited with { Dollars = 100 }, null),
            },
        };
        await using var host = await reeve.OpenAsync();
        var run = await reeve.SubmitAsync(host);

        using (var stop = new CancellationTokenSource())
        {
            await host.ContinueAsync(run, new StopAfter<ModelRequested>(stop), new(TimeSpan.Zero), stop.Token);
        }

        var report = await reeve.ContinueAsync(run, Stop);

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.Equal(report.Bill.Dollars!.Value * 1_000_000_000m, Recorded(reeve, "nano_dollars"));
        Assert.Equal(report.Bill.ToolCalls, Recorded(reeve, "tool_calls"));
    }

    [Fact]
    public async Task Runs_of_two_hosts_at_once_stay_below_the_ceiling_they_share()
    {
        const int Runs = 8;
        await using var reeve = new ReeveHarness(s_script)
        {
            Change = options => options with
            {
                Ceilings = new(SharedCeilings.Unlimited with { Dollars = 0.1m }, null),
            },
        };
        await using var one = await reeve.OpenAsync();
        reeve.Change = Second(reeve.Change);
        await using var other = await reeve.OpenAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => reeve.SubmitAsync(one)));

        await Task.WhenAll(runs.Select((run, number) => (number % 2 == 0 ? (IReeveHost)one : other).ContinueAsync(
            run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop)));
        var reports = await Task.WhenAll(runs.Select(run => one.ReportAsync(run, Stop)));

        Assert.Contains(reports, report => report.Reason == "budget.user");
        Assert.All(reports, report => Assert.True(report.Status is RunStatus.Succeeded or RunStatus.OutOfBudget));
        Assert.InRange(reports.Sum(report => report.Bill.Dollars!.Value), 0.0001m, 0.1m);
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "OPS-4")]
    public async Task The_command_keeps_the_configured_day_over_runs_and_says_whose_it_is()
    {
        using var reeve = new CommandProcess();
        var script = Path.Combine(reeve.Root, "script.json");
        File.WriteAllText(script, s_script);
        reeve.Environment["REEVE_BUDGETS__USER__TOOL_CALLS_PER_DAY"] = "4";
        string[] run = ["do it", "--model", $"scripted/{script}"];

        var first = await reeve.RunAsync(run);
        var second = await reeve.RunAsync(run);
        reeve.Environment["REEVE_BUDGETS__USER__TOOL_CALLS_PER_DAY"] = "40";
        var raised = await reeve.RunAsync(run);

        Assert.Equal((0, 4, 0), (first.ExitCode, second.ExitCode, raised.ExitCode));
        Assert.Contains("budget.user", second.All, StringComparison.Ordinal);
    }

    /// <summary>What the file says of all runs, read by another program.</summary>
    private static decimal Recorded(ReeveHarness reeve, string part)
    {
        var start = new System.Diagnostics.ProcessStartInfo(
            "sqlite3", [Path.Combine(reeve.Data, "journal.db"), $"SELECT sum({part}) FROM spending"])
        {
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        return decimal.Parse(process.StandardOutput.ReadToEnd());
    }

    private static Func<Hosting.Composition.HostOptions, Hosting.Composition.HostOptions> Second(
        Func<Hosting.Composition.HostOptions, Hosting.Composition.HostOptions> first) =>
        options => first(options) with { Instance = 1 };
}
