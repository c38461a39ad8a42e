using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;
using Reeve.Models.Tokens;
using Reeve.Tests.Shared;
using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>What a provider reports makes the estimate better, from call to call and from run to run, and never lets
/// a run spend more than it may.</summary>
[Trait("Req", "MODEL-4")]
public sealed class CalibrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>However fine a provider's tokenizer cuts, within the estimator's bound: what was reserved is never
    /// exceeded, and so the budget is not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [Trait("Req", "BUDGET-1")]
    public async Task A_budget_is_not_exceeded_by_a_provider_that_counts_up_to_the_bound(int seed)
    {
        var random = new Random(seed);
        var model = new CountingModel(counted => counted * random.Next(40, 106) / 100);
        await using var reeve = Folder(model, dollars: 0.004m * random.Next(5, 12));

        var report = await reeve.RunAsync();
        var (requests, replies) = await CallsAsync(reeve, report);

        Assert.True(report.Bill.Dollars <= reeve.Limits.Budget.Dollars);
        Assert.Equal("budget.dollars", report.Reason);
        Assert.NotEmpty(replies);
        Assert.All(requests.Zip(replies), call =>
            Assert.True(call.Second.Actual.InputTokens <= call.First.Reserved.InputTokens));
    }

    /// <summary>One that reports more than it can have counted is charged what it says, and not asked again.</summary>
    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task A_provider_that_reports_more_than_was_reserved_is_charged_and_the_next_call_denied()
    {
        var model = new CountingModel(counted => counted * 1_000);
        await using var reeve = Folder(model, dollars: 1m);

        var report = await reeve.RunAsync();
        var (requests, replies) = await CallsAsync(reeve, report);

        Assert.Equal("budget.dollars", report.Reason);
        Assert.Equal(1, model.Calls);
        Assert.True(report.Bill.Dollars > 1m);
        Assert.True(Assert.Single(replies).Actual.InputTokens > Assert.Single(requests).Reserved.InputTokens);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task What_was_counted_once_is_not_estimated_again()
    {
        var model = new CountingModel(counted => counted / 2) { CallsMax = 3 };
        await using var reeve = Folder(model, dollars: 100m);

        var report = await reeve.RunAsync();
        var (requests, replies) = await CallsAsync(reeve, report);

        var states = await StatesAsync(reeve, report);

        // The first estimate is twice too large; of a later one only what came since the last report may be.
        Assert.True(RequestTokens.Estimate(states[0], 0) >= 2 * replies[0].Actual.InputTokens);
        Assert.All(states.Skip(1).Zip(replies.Skip(1)), call => Assert.InRange(
            RequestTokens.Estimate(call.First, 0), call.Second.Actual.InputTokens * 0.95m,
            call.Second.Actual.InputTokens * 1.35m));
        Assert.All(requests.Zip(replies), call =>
            Assert.True(call.Second.Actual.InputTokens <= call.First.Reserved.InputTokens));
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, Stop))).Fault);
    }

    [Theory]
    [InlineData(150, 1_400, 1_700)]
    [InlineData(60, 1_000, 1_000)]
    [InlineData(900_000, TokenScale.PerMilleMax, TokenScale.PerMilleMax)]
    public async Task The_next_run_begins_with_what_the_last_one_learnt(int percent, int atLeast, int atMost)
    {
        var model = new CountingModel(counted => counted * percent / 100) { CallsMax = 2 };
        await using var reeve = Folder(model, dollars: 1_000_000m);
        reeve.Limits = reeve.Limits with
        {
            ContextTokens = 100_000_000,
            Budget = reeve.Limits.Budget with { InputTokens = 1_000_000_000_000 },
        };
        var first = await reeve.RunAsync();
        model.Calls = 0;
        var second = await reeve.RunAsync();

        Assert.Equal(TokenScale.PerMilleMin, (await AdmittedAsync(reeve, first)).Model.TokenScale.PerMille);
        Assert.InRange((await AdmittedAsync(reeve, second)).Model.TokenScale.PerMille, atLeast, atMost);
        var (before, after) = (
            (await CallsAsync(reeve, first)).Requests[0].Reserved.InputTokens,
            (await CallsAsync(reeve, second)).Requests[0].Reserved.InputTokens);

        // Each reservation is rounded up by itself, the first before it is multiplied.
        Assert.InRange(after, (before * atLeast / 1_000) - 6, (before * atMost / 1_000) + 2);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"counting/m\": -5}")]
    [InlineData("{\"counting/m\": 2000000000}")]
    [InlineData("[]")]
    public async Task What_was_kept_may_be_damaged(string kept)
    {
        var model = new CountingModel(counted => counted) { CallsMax = 1 };
        await using var reeve = Folder(model, dollars: 100m);
        Directory.CreateDirectory(reeve.Data);
        File.SetUnixFileMode(reeve.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(reeve.Data, "tokens.json"), kept, Stop);

        var report = await reeve.RunAsync();

        Assert.Equal("Done.", report.Result);
        Assert.InRange(
            (await AdmittedAsync(reeve, report)).Model.TokenScale.PerMille,
            TokenScale.PerMilleMin, TokenScale.PerMilleMax);
    }

    [Theory]
    [InlineData(TokenScales.ModelsMax - 1, true)]
    [InlineData(TokenScales.ModelsMax, false)]
    public async Task No_more_models_are_kept_than_fit(int kept, bool isLearnt)
    {
        await using var reeve = Folder(
            new CountingModel(counted => counted * 2) { CallsMax = 1 }, dollars: 100m);
        Directory.CreateDirectory(
            reeve.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Combine(reeve.Data, "tokens.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(
            Enumerable.Range(0, kept).ToDictionary(number => $"m/{number}", _ => 1_200)), Stop);

        await reeve.RunAsync();

        Assert.Equal(
            isLearnt, (await File.ReadAllTextAsync(path, Stop)).Contains("counting/m", StringComparison.Ordinal));
    }

    [Fact]
    public void A_scale_rises_at_once_falls_slowly_and_stays_in_its_bounds()
    {
        var random = new Random(7);
        var scale = TokenScale.Unlearnt;

        for (var step = 0; step < 10_000; step++)
        {
            var (counted, reported) = (random.NextInt64(0, 5_000), random.NextInt64(-10, 30_000));
            var next = scale.Learn(counted, reported);
            var seen = counted < TokenScale.LearnableTokensMin ? 0 : reported * 1_000 / counted;

            Assert.InRange(next.PerMille, TokenScale.PerMilleMin, TokenScale.PerMilleMax);
            Assert.True(next.PerMille >= Math.Min(seen, TokenScale.PerMilleMax));
            Assert.True(next.PerMille >= scale.PerMille - (scale.PerMille / 8));
            Assert.True(TokenScale.AtMost(counted) * TokenScale.ShareMin >= counted * 100);
            scale = next;
        }

        Assert.Equal(scale, scale.Learn(TokenScale.LearnableTokensMin - 1, 1_000_000));
    }

    private static ReeveHarness Folder(IModel model, decimal dollars)
    {
        var reeve = new ReeveHarness(model);
        reeve.Limits = RunLimits.Default with
        {
            OutputTokens = 512, RepeatsMax = 1_000,
            Budget = RunLimits.Default.Budget with { Dollars = dollars },
        };

        foreach (var number in Enumerable.Range(0, 40))
        {
            reeve.Write($"file{number}.txt", string.Join('\n', Enumerable.Range(0, 60).Select(
                line => $"line {line} of file {number}: the value was {line * number}, as it should be")));
        }

        return reeve;
    }

    private static async Task<RunAdmitted> AdmittedAsync(ReeveHarness reeve, Hosting.Runs.RunReport report) =>
        (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).OfType<RunAdmitted>().Single();

    /// <summary>The state before each request.</summary>
    private static async Task<List<RunState>> StatesAsync(ReeveHarness reeve, Hosting.Runs.RunReport report)
    {
        var (state, states) = (RunState.Empty, new List<RunState>());

        foreach (var shown in await reeve.EntriesAsync(report.Run))
        {
            if (shown.Entry.Body is ModelRequested)
            {
                states.Add(state);
            }

            state = RunFold.Apply(state, shown.Entry);
        }

        return states;
    }

    private static async Task<(List<ModelRequested> Requests, List<ModelReplied> Replies)> CallsAsync(
        ReeveHarness reeve, Hosting.Runs.RunReport report)
    {
        var bodies = (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).ToList();
        return ([.. bodies.OfType<ModelRequested>()], [.. bodies.OfType<ModelReplied>()]);
    }

    /// <summary>Reads a file in each turn and reports what a rule makes of the estimate of what it was sent.</summary>
    private sealed class CountingModel(Func<long, long> report) : IModel
    {
        private static readonly EstimatingTokenCounter s_counter = new();

        public string Name => "counting/m";

        public int Calls { get; set; }

        public int CallsMax { get; init; } = 38;

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
        {
            Calls++;
            var counted = s_counter.Count(request.SystemPrompt)
                + request.Messages.Sum(message => 8L + message.Parts.Sum(part => s_counter.Count(part switch
                    {
                        TextPart text => text.Text,
                        ToolResultPart result => result.Text,
                        ToolCallPart call => call.Name + call.Arguments,
                        _ => "",
                    })))
                + request.Tools.Sum(tool =>
                    s_counter.Count(tool.Name + tool.Summary + tool.ArgumentsSchema.GetRawText()));
            var (name, arguments) = Calls > CallsMax
                ? ("finish", "{\"summary\":\"Done.\"}")
                : ("read", JsonSerializer.Serialize(new { path = $"file{Calls}.txt" }));

            return Task.FromResult(new ModelReply(
                new Message(MessageRole.Assistant, ImmutableArray.Create<MessagePart>(
                    new ToolCallPart($"call{Calls}", name, arguments))),
                StopReason.ToolCalls, new Usage(report(counted), request.OutputTokensMax), "m"));
        }
    }
}
