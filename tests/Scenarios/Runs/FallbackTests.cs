using System.Text.Json;
using Reeve.Authority;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Where a model cannot answer the next of the chain is asked, at its own price, and nobody is asked in
/// vain.</summary>
[Trait("Req", "MODEL-3")]
public sealed class FallbackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fails")]
    [InlineData("broken")]
    [InlineData("silent")]
    [Trait("Req", "RUN-8")]
    [Trait("Req", "MODEL-1")]
    public async Task A_second_server_finishes_what_the_first_cannot_begin(string scenario)
    {
        using var reeve = ForeignRun.Folder();
        using var first = await ModelServerProcess.ForeignAsync(reeve, scenario);
        using var second = await ModelServerProcess.ForeignAsync(reeve, "honest");

        var run = Task(reeve, first.Port, second.Port);

        if (scenario == "silent")
        {
            reeve.Environment["REEVE_MODELS__SILENCE_SECONDS"] = "2";
        }

        var ended = await reeve.RunAsync(run);
        var (asked, answered) = (Lines(await first.EndAsync()), Lines(await second.EndAsync()));

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal((2, 3), (asked, answered));
        Assert.Equal(
            [("openai/any", asked, 0), ("anthropic/any", answered, 3)], SharesOf(ended.Output));
        Assert.Equal(0, (await reeve.RunAsync("replay")).ExitCode);
        Assert.Equal(0, (await reeve.RunAsync("journal", "verify")).ExitCode);
        var shown = await reeve.RunAsync("show");
        Assert.Contains("anthropic/any 3 replies of 3 calls", shown.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_given_up_and_the_second_asked()
    {
        using var reeve = ForeignRun.Folder();
        using var second = await ModelServerProcess.ForeignAsync(reeve, "honest");

        var ended = await reeve.RunAsync(Task(reeve, firstPort: 9, second.Port));

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(3, Lines(await second.EndAsync()));
    }

    [Theory]
    [InlineData("refuses", "model.authentication")]
    [InlineData("rejects", "model.invalid_request")]
    [InlineData("crowd", "model.reply_too_large")]
    public async Task What_a_person_has_to_mend_is_not_passed_on(string scenario, string code)
    {
        using var reeve = ForeignRun.Folder();
        using var first = await ModelServerProcess.ForeignAsync(reeve, scenario);
        using var second = await ModelServerProcess.ForeignAsync(reeve, "honest");

        var ended = await reeve.RunAsync(Task(reeve, first.Port, second.Port));

        Assert.Equal(11, ended.ExitCode);
        Assert.Contains(code, ended.All, StringComparison.Ordinal);
        Assert.Equal(1, Lines(await first.EndAsync()));
        Assert.Equal(0, Lines(await second.EndAsync()));
    }

    [Fact]
    [Trait("Req", "MODEL-5")]
    public async Task A_second_model_without_a_price_is_refused_under_a_limit_in_money()
    {
        using var reeve = ForeignRun.Folder();
        Prices(reeve, ("openai", "0"));

        var ended = await reeve.RunAsync([.. Task(reeve, firstPort: 9, secondPort: 9), "--max-budget-usd", "1"]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("price.unknown", ended.All, StringComparison.Ordinal);
        Assert.Equal("[]", (await reeve.RunAsync("runs", "--json")).Output.Trim());
    }

    [Theory]
    [InlineData(ModelFallback.ModelsMax, 11)]
    [InlineData(ModelFallback.ModelsMax + 1, 2)]
    public async Task A_chain_past_its_bound_is_refused(int models, int exitCode)
    {
        using var reeve = ForeignRun.Folder();
        var run = Task(reeve, firstPort: 9, secondPort: 9);
        reeve.Environment["REEVE_LIMITS__ATTEMPTS"] = "1";
        reeve.Environment["REEVE_MODELS__FALLBACK"] =
            string.Join('\n', Enumerable.Range(0, models).Select(number => $"nothing{number}/m"));
        reeve.Environment["REEVE_CONFIG"] = Path.Combine(reeve.Root, "config.yaml");
        File.WriteAllText(reeve.Environment["REEVE_CONFIG"], "models:\n" + string.Concat(
            Enumerable.Range(0, models).Select(number =>
                $"  nothing{number}:\n    baseUrl: http://127.0.0.1:9/v1\n    dialect: openai\n")));

        Assert.Equal(exitCode, (await reeve.RunAsync(run)).ExitCode);
    }

    [Theory]
    [InlineData("1", 0, 3)]
    [InlineData("1000000", 4, 0)]
    [Trait("Req", "BUDGET-1")]
    public async Task A_second_model_is_paid_at_its_own_price_and_not_asked_where_that_is_too_much(
        string dollarsPerMillion, int exitCode, int requests)
    {
        using var reeve = ForeignRun.Folder();
        using var first = await ModelServerProcess.ForeignAsync(reeve, "fails");
        using var second = await ModelServerProcess.ForeignAsync(reeve, "honest");
        Prices(reeve, ("openai", "0"), ("anthropic", dollarsPerMillion));

        var ended = await reeve.RunAsync([.. Task(reeve, first.Port, second.Port), "--max-budget-usd", "2"]);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(requests, Lines(await second.EndAsync()));
        using var document = JsonDocument.Parse(ended.Output);
        var dollars = document.RootElement.GetProperty("cost").GetProperty("dollars").GetDecimal();

        // Ten tokens in and twenty out are what that server says of each of its three replies.
        Assert.Equal(exitCode == 0 ? 3 * 30 / 1_000_000m : 0, dollars);
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    [Trait("Req", "RUN-8")]
    public async Task A_run_goes_on_with_the_model_it_had_come_to_and_returns_to_the_first_after_a_while()
    {
        var time = new ManualTime();
        var (first, second) = (new FailingModel("first/m"), Scripted("second/m"));
        await using var reeve = new ReeveHarness(first)
        {
            Limits = RunLimits.Default with { AttemptsPerCall = 1 },
            Change = options => WithChain(options, first, second) with { Time = time },
        };
        await using var host = await reeve.OpenAsync();
        var run = await reeve.SubmitAsync(host);

        await UntilReplyAsync();
        Assert.Equal(1, first.Calls);
        await UntilReplyAsync();
        Assert.Equal(1, first.Calls);
        time.Advance(ModelFallback.StayTime);
        await UntilReplyAsync();
        Assert.Equal(2, first.Calls);
        var report = await reeve.ContinueAsync(run, Stop);

        Assert.Equal("Done.", report.Result);
        Assert.Equal([0, 1, 1, 0, 1], (await reeve.EntriesAsync(run))
            .Select(shown => shown.Entry.Body).OfType<ModelRequested>().Select(asked => asked.Model));
        Assert.Equal(
            [("first/m", 2, 0), ("second/m", 3, 3)],
            report.Bill.Models.Select(share => (share.Name, share.Calls, share.Replies)));
        Assert.Equal(report.Bill.Dollars, report.Bill.Models.Sum(share => share.Dollars));
        Assert.Null((await host.ReplayAsync(run, Stop)).Fault);

        // Each time by a host of its own, as after a restart, which goes when a reply is durable.
        async Task UntilReplyAsync()
        {
            await using var another = await reeve.OpenAsync();
            using var stop = new CancellationTokenSource();
            await another.ContinueAsync(run, new StopAfter<ModelReplied>(stop), new(TimeSpan.Zero), stop.Token);
        }
    }

    private static HostOptions WithChain(HostOptions options, IModel first, IModel second) => options with
    {
        Model = name => name == first.Name ? first : second,
        Fallback = [second.Name],
    };

    private static ScriptedAs Scripted(string name) => new(name, new ScriptedModel(
        Script.Parse(System.Text.Encoding.UTF8.GetBytes(Of(
            Call("tree", new { path = "." }), Call("glob", new { pattern = "**" }), Finishes()))),
        "test", TimeProvider.System));

    private static string[] Task(CommandProcess reeve, int firstPort, int secondPort)
    {
        reeve.Environment["OPENAI_BASE_URL"] = $"http://127.0.0.1:{firstPort}/v1";
        reeve.Environment["ANTHROPIC_BASE_URL"] = $"http://127.0.0.1:{secondPort}";
        reeve.Environment["REEVE_MODELS__FALLBACK"] = "anthropic/any";
        reeve.Environment["REEVE_LIMITS__ATTEMPTS"] = "2";
        reeve.Environment["REEVE_MODELS__SILENCE_SECONDS"] = "20";
        reeve.Environment["REEVE_MODELS__FIRST_TOKEN_SECONDS"] = "20";
        return ["run", "Mend it.", "--model", "openai/any", "--accept", ForeignRun.Accept, "--output-format", "json"];
    }

    private static void Prices(CommandProcess reeve, params (string Provider, string Dollars)[] prices)
    {
        reeve.Environment["REEVE_CONFIG"] = Path.Combine(reeve.Root, "config.yaml");
        File.WriteAllText(reeve.Environment["REEVE_CONFIG"], "prices:\n" + string.Concat(prices.Select(price =>
            $"  - provider: {price.Provider}\n    model: any\n    input: {price.Dollars}\n"
            + $"    output: {price.Dollars}\n    from: 2020-01-01\n")));
    }

    private static List<(string, int, int)> SharesOf(string output)
    {
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.GetProperty("cost").GetProperty("models").EnumerateArray().Select(share =>
            (share.GetProperty("model").GetString()!, share.GetProperty("calls").GetInt32(),
                share.GetProperty("replies").GetInt32()))];
    }

    private static int Lines(string requests) => requests.Count(letter => letter == '\n');

    private sealed class FailingModel(string name) : IModel
    {
        public string Name => name;

        public int Calls { get; private set; }

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
        {
            Calls++;
            throw new ModelCallException(
                new Problem("model.overloaded", "Too busy.", IsRetryable: true), wasSent: false);
        }
    }

    private sealed class ScriptedAs(string name, IModel inner) : IModel
    {
        public string Name => name;

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
            inner.CallAsync(request, onDelta, cancellationToken);
    }
}
