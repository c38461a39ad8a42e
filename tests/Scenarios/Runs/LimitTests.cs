using Reeve.Kernel.Budgets;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Each limit of a run ends it, truthfully, one step past it and not before.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(2, RunStatus.Failed, "limit.turns")]
    [InlineData(3, RunStatus.Succeeded, "answered")]
    [Trait("Req", "RUN-7")]
    public async Task Turns_are_limited(int turns, RunStatus status, string reason)
    {
        await using var reeve = new ReeveHarness(
            Of(Call("tree", new { }), Call("glob", new { pattern = "*" }), Finishes()))
        {
            Limits = RunLimits.Default with { Turns = turns },
        };

        var report = await reeve.RunAsync();

        Assert.Equal((status, reason), (report.Status, report.Reason));
    }

    [Fact]
    [Trait("Req", "RUN-7")]
    public async Task The_same_call_with_the_same_result_ends_the_run()
    {
        await using var reeve = new ReeveHarness(
            Of([.. Enumerable.Range(0, 9).Select(_ => Call("read", new { path = "a.txt" }))]));
        reeve.Write("a.txt", "a");

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.Failed, "limit.loop", RunLimits.Default.RepeatsMax),
            (report.Status, report.Reason, report.Turns));
    }

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task Money_that_is_not_there_is_not_spent()
    {
        // One dollar for a million tokens in, two for a million out: the first reply of 100,000 tokens leaves
        // too little.
        await using var reeve = new ReeveHarness(
            """
            {"schema":1,"turns":[
              {"reply":{"calls":[{"name":"tree","arguments":{}}],"usage":{"input":100000,"output":1000}}},
              {"reply":{"text":"done"}}]}
            """)
        {
            Limits = RunLimits.Default with { Budget = RunLimits.Default.Budget with { Dollars = 0.1025m } },
        };

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.OutOfBudget, "budget.dollars"), (report.Status, report.Reason));
        Assert.Equal(1, report.Bill.ModelCalls);
    }

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task Tool_calls_are_reserved_before_they_start()
    {
        await using var reeve = new ReeveHarness(Of(
            Calls(("tree", new { }), ("glob", new { pattern = "*" }),
                ("write", new { path = "third.txt", content = "x" })),
            Finishes()))
        {
            Limits = RunLimits.Default with { Budget = RunLimits.Default.Budget with { ToolCalls = 2 } },
        };

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.OutOfBudget, "budget.tool_calls", 2L),
            (report.Status, report.Reason, report.Bill.ToolCalls));
        Assert.Empty(report.Changes);
    }

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task Two_calls_side_by_side_do_not_share_the_last_one()
    {
        await using var reeve = new ReeveHarness(Of(
            Calls(("tree", new { }), ("glob", new { pattern = "*" })), Finishes()))
        {
            Limits = RunLimits.Default with { Budget = RunLimits.Default.Budget with { ToolCalls = 1 } },
        };

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.OutOfBudget, "budget.tool_calls"), (report.Status, report.Reason));
        Assert.InRange(report.Bill.ToolCalls, 0, 1);
    }

    [Fact]
    [Trait("Req", "RUN-9")]
    public async Task A_large_observation_is_shown_cut_and_can_be_recalled_whole()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("shell", new { command = "seq 1 40000 | tr '\\n' ' '; echo needle-at-the-end" }),
            Call("recall", new { name = "PLACE", from = 60_000, count = 20 }),
            Finishes()));

        // The name of the first call follows from its place in the journal, so a first run tells it.
        var name = await NameOfCutAsync(reeve);
        reeve.Model = new Reeve.Models.Scripted.ScriptedModel(
            Reeve.Models.Scripted.Script.Parse(System.Text.Encoding.UTF8.GetBytes(Of(
                Call("shell", new { command = "seq 1 40000 | tr '\\n' ' '; echo needle-at-the-end" }),
                Call("recall", new { name, from = 60_000, count = 20 }),
                Finishes()))), "test", TimeProvider.System);

        var texts = await TextsAsync(reeve);

        Assert.Contains(texts, text => text.StartsWith("[characters 60000 to 60020 of ", StringComparison.Ordinal));
    }

    private static async Task<string> NameOfCutAsync(ReeveHarness reeve)
    {
        var cut = (await TextsAsync(reeve))
            .First(text => text.Contains("the recall tool shows them", StringComparison.Ordinal));
        return cut.Split("name \"")[1].Split('"')[0];
    }

    private static async Task<List<string>> TextsAsync(ReeveHarness reeve)
    {
        var report = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();
        var texts = new List<string>();

        await foreach (var shown in host.EntriesAsync(report.Run, 1, TestContext.Current.CancellationToken))
        {
            texts.AddRange(shown.Texts.Values);
        }

        return texts;
    }
}
