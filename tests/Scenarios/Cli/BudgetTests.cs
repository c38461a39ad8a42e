using System.Text.Json;
using Reeve.Authority;
using Reeve.Hosting;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class BudgetTests
{
    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task Each_call_says_what_was_reserved_charged_and_given_back_and_they_add_up()
    {
        await using var reeve = Working();
        var session = new CommandSession(reeve);
        await session.TypeAsync("Write.");

        var calls = JsonOf(await SaysAsync(reeve, "budget", "explain", "--json"));

        var entries = await reeve.EntriesAsync(await LastAsync(reeve));
        var reserved = entries.Select(shown => shown.Entry.Body).OfType<ModelRequested>().Sum(
            body => body.Reserved.Dollars);
        var charged = entries.Select(shown => shown.Entry.Body).OfType<ModelReplied>().Sum(body => body.Actual.Dollars);
        Assert.Equal(2, calls.GetProperty("calls").GetArrayLength());
        Assert.Equal(reserved, Sum(calls, "reserved"));
        Assert.Equal(charged, Sum(calls, "charged"));
        Assert.Equal(reserved - charged, Sum(calls, "refunded"));
        Assert.Equal(charged, calls.GetProperty("spent").GetProperty("dollars").GetDecimal());
        Assert.All(calls.GetProperty("calls").EnumerateArray(), call => Assert.Equal(
            ("settled", 1m, "test"),
            (call.GetProperty("outcome").GetString(), call.GetProperty("input_dollars_per_million").GetDecimal(),
                call.GetProperty("price_source").GetString())));
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task A_person_reads_the_same_in_words()
    {
        await using var reeve = Working();
        await new CommandSession(reeve).TypeAsync("Write.");

        var text = await SaysAsync(reeve, "budget", "explain", "last");

        Assert.Equal(2, text.Split("reserved ").Length - 1);
        Assert.Contains("$1 in, $2 out for a million tokens (test)", text, StringComparison.Ordinal);
        Assert.Contains("(no limit in money)", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task What_a_failed_request_may_have_cost_is_charged_whole_and_one_not_sent_is_given_back()
    {
        await using var reeve = new ReeveHarness(new BusyModel());
        await new CommandSession(reeve) { Environment = { ["REEVE_LIMITS__ATTEMPTS"] = "1" } }.TypeAsync("Write.");

        var calls = JsonOf(await SaysAsync(reeve, "budget", "explain", "--json"));

        Assert.Equal("refunded", Assert.Single(calls.GetProperty("calls").EnumerateArray()).GetProperty(
            "outcome").GetString());
        Assert.Equal((0m, Sum(calls, "reserved")), (Sum(calls, "charged"), Sum(calls, "refunded")));
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task A_part_that_is_nearly_used_up_is_told_once_live_in_the_journal_and_in_show()
    {
        await using var reeve = new ReeveHarness(Of(
            [.. Enumerable.Range(0, 5).Select(n => Call("write", new { path = $"{n}.txt", content = "a" })),
                Says("Done.")]));
        var session = new CommandSession(reeve) { Environment = { ["REEVE_LIMITS__TOOL_CALLS"] = "5" } };

        await session.TypeAsync("Write.");

        var run = await LastAsync(reeve);
        var bodies = (await reeve.EntriesAsync(run)).Select(shown => shown.Entry.Body).ToList();
        var warned = Assert.Single(bodies.OfType<BudgetWarned>());
        Assert.Equal((BudgetPart.ToolCalls, 80), (warned.Part, warned.Percent));
        Assert.Equal(4, bodies.TakeWhile(body => body is not BudgetWarned).OfType<ToolFinished>().Count());
        Assert.Contains("80 % of the budget is used: tool calls", session.Error, StringComparison.Ordinal);
        Assert.Contains("80 % of the budget is used: tool calls", await SaysAsync(reeve, "show"),
            StringComparison.Ordinal);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(run, CancellationToken.None))).Fault);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("20", 1)]
    [InlineData("100", 0)]
    [Trait("Req", "BUDGET-2")]
    public async Task The_threshold_is_configured(string percent, int told)
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "a" }),
            Says("Done.")));
        var session = new CommandSession(reeve)
        {
            Environment = { ["REEVE_LIMITS__TOOL_CALLS"] = "5", ["REEVE_BUDGETS__WARN_AT_PERCENT"] = percent },
        };

        await session.TypeAsync("Write.");

        Assert.Equal(told, (await reeve.EntriesAsync(await LastAsync(reeve))).Count(
            shown => shown.Entry.Body is BudgetWarned));
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task An_estimate_bounds_what_the_run_then_costs_and_begins_nothing()
    {
        await using var reeve = Working();

        var estimate = JsonOf(await SaysAsync(reeve, "budget", "estimate", "Write.", "--max-budget-usd", "0.5",
            "--json"));

        Assert.Empty(await reeve.WithHostAsync(host => host.ListAsync(null, 10, CancellationToken.None)));
        await new CommandSession(reeve).TypeAsync("Write.", "--max-budget-usd", "0.5");
        var explanation = JsonOf(await SaysAsync(reeve, "budget", "explain", "--json"));
        var first = explanation.GetProperty("calls")[0].GetProperty("reserved");
        Assert.Equal(
            first.GetProperty("input_tokens").GetInt64(),
            estimate.GetProperty("least").GetProperty("input_tokens").GetInt64());
        Assert.InRange(explanation.GetProperty("spent").GetProperty("dollars").GetDecimal(), 0.000001m, 0.5m);
        Assert.Equal(0.5m, estimate.GetProperty("most_dollars").GetDecimal());
        Assert.Contains("least", await SaysAsync(reeve, "budget", "estimate", "Write."), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task The_ledger_has_every_run_in_columns_that_do_not_change_and_the_same_bytes_each_time()
    {
        await using var reeve = Working();
        await new CommandSession(reeve).TypeAsync("Write.");
        await new CommandSession(reeve).TypeAsync("Write with sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.");

        var csv = await SaysAsync(reeve, "budget", "ledger");
        var lines = csv.TrimEnd().Split('\n');

        Assert.Equal(
            "started_at,run_id,status,reason,model,calls,replies,input_tokens,output_tokens,dollars,estimated,"
            + "price_source,workspace,problem", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[1..].Order(StringComparer.Ordinal), lines[1..]);
        Assert.Equal(csv, await SaysAsync(reeve, "budget", "ledger"));
        Assert.DoesNotContain("sk-ant", csv, StringComparison.Ordinal);
        var rows = (await SaysAsync(reeve, "budget", "ledger", "--format", "jsonl")).TrimEnd().Split('\n').Select(
            JsonOf).ToList();
        Assert.Equal(lines[1..].Select(line => line.Split(',')[1]),
            rows.Select(row => row.GetProperty("run_id").GetString()));
        Assert.Equal(
            JsonOf(await SaysAsync(reeve, "budget", "explain", "--json")).GetProperty("spent").GetProperty(
                "dollars").GetDecimal(),
            rows[1].GetProperty("dollars").GetDecimal());
        Assert.Single((await SaysAsync(reeve, "budget", "ledger", "--since", "2999-01-01")).TrimEnd().Split('\n'));
    }

    [Fact]
    [Trait("Req", "BUDGET-2")]
    public async Task What_is_no_date_or_format_is_refused()
    {
        await using var reeve = Working();
        var session = new CommandSession(reeve);

        Assert.Equal(2, await session.TypeAsync("budget", "ledger", "--since", "yesterday"));
        Assert.Equal(2, await session.TypeAsync("budget", "ledger", "--format", "xml"));
        Assert.Equal(2, await session.TypeAsync("budget", "explain", "last"));
        Assert.True(ReeveHost.LedgerRunsMax > ReeveHost.ListMax);
    }

    /// <summary>Turns each request away before it is read.</summary>
    private sealed class BusyModel : IModel
    {
        public string Name => "test/busy";

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
            throw new ModelCallException(
                new Problem("model.overloaded", "Busy.", IsRetryable: true), wasSent: false, retryAfter: null);
    }

    private static ReeveHarness Working() => new(Of(Call("write", new { path = "a.txt", content = "a" }),
        Says("Done.")));

    private static async Task<string> SaysAsync(ReeveHarness reeve, params string[] typed)
    {
        var session = new CommandSession(reeve);
        Assert.True(await session.TypeAsync(typed) == 0, session.Error);
        return session.Output;
    }

    private static async Task<RunKey> LastAsync(ReeveHarness reeve) =>
        (await reeve.WithHostAsync(host => host.ListAsync(null, 1, CancellationToken.None)))[0].Run;

    private static JsonElement JsonOf(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static decimal Sum(JsonElement explanation, string amount) =>
        explanation.GetProperty("calls").EnumerateArray()
        .Sum(call => call.GetProperty(amount).GetProperty("dollars").GetDecimal());
}
