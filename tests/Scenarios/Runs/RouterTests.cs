using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;
using Reeve.Tests.Shared;
using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>The model of a run is chosen by its task, its failures and what may be spent; each choice is in the
/// journal with its reason, and a replay comes to the same.</summary>
[Trait("Req", "MODEL-7")]
public sealed class RouterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Fix the typo in README.md", 0)]
    [InlineData("Say hello.", 0)]
    [InlineData("Refactor src/a.cs, src/b.cs and src/c.cs", 1)]
    [InlineData("Redesign the architecture of src/store/ and migrate api.py, db.py, cache.py; mind concurrency, "
        + "security and performance, and rewrite the protocol.", 2)]
    public async Task A_task_begins_on_the_rung_its_words_ask_for(string goal, int rung)
    {
        await using var router = new Ladder(_ => "finish");

        var (report, bodies) = await router.RunAsync(goal);

        Assert.Equal("Done.", report.Result);
        Assert.Equal([rung], bodies.OfType<ModelRequested>().Select(asked => asked.Model));
        Assert.Equal(rung, bodies.OfType<RunAdmitted>().Single().Router!.Start);
        Assert.Empty(bodies.OfType<ModelRouted>());
        Assert.Equal([$"m/{rung}"], router.Asked);
    }

    [Theory]
    [InlineData("empty", RouteReason.Failures)]
    [InlineData("unknown tool", RouteReason.Failures)]
    [InlineData("bad arguments", RouteReason.Failures)]
    [InlineData("malformed", RouteReason.Failures)]
    [InlineData("same call", RouteReason.Loop)]
    public async Task A_model_that_fails_is_followed_by_a_stronger_one(string vice, RouteReason reason)
    {
        await using var router = new Ladder(model => model == "m/0" ? vice : "finish");

        var (report, bodies) = await router.RunAsync("Say hello.");

        Assert.Equal("Done.", report.Result);
        var routed = Assert.Single(bodies.OfType<ModelRouted>());
        Assert.Equal((0, 1, reason), (routed.From, routed.To, routed.Reason));
        Assert.Equal(["m/0", "m/1"], router.Asked.Distinct());
        Assert.Equal("m/1", router.Asked[^1]);
    }

    [Fact]
    public async Task Failed_checks_lead_to_a_stronger_model()
    {
        await using var router = new Ladder(model => model == "m/0" ? "finish" : "write");

        var (report, bodies) = await router.RunAsync("Say hello.", "test -f made.txt");

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.Equal(RouteReason.Failures, Assert.Single(bodies.OfType<ModelRouted>()).Reason);
        Assert.Equal(["m/0", "m/0", "m/1"], router.Asked.Take(3));
    }

    [Fact]
    public async Task The_ladder_ends_and_so_does_the_run()
    {
        await using var router = new Ladder(_ => "same call");

        var (report, bodies) = await router.RunAsync("Say hello.");

        Assert.Equal("limit.loop", report.Reason);
        Assert.Equal([(0, 1), (1, 2)], bodies.OfType<ModelRouted>().Select(routed => (routed.From, routed.To)));
    }

    [Fact]
    public async Task Nothing_is_escalated_where_the_operator_said_never()
    {
        await using var router = new Ladder(_ => "same call") { Router = new(Ladder.Names, 0, null) };

        var (report, bodies) = await router.RunAsync("Say hello.");

        Assert.Equal("limit.loop", report.Reason);
        Assert.Empty(bodies.OfType<ModelRouted>());
        Assert.Equal(["m/0"], router.Asked.Distinct());
    }

    /// <summary>The price of each rung is its own, and each call is reserved at it.</summary>
    [Fact]
    [Trait("Req", "BUDGET-1")]
    [Trait("Req", "MODEL-5")]
    public async Task What_may_be_spent_on_stronger_models_ends_with_the_first()
    {
        const string hard = "Redesign the architecture of src/store/ and migrate api.py, db.py, cache.py; mind "
            + "concurrency, security and performance, and rewrite the protocol.";
        await using var router = new Ladder(model => model == "m/0" ? "finish" : "look")
        {
            Router = new(Ladder.Names, 2, 0.01m),
        };

        var (report, bodies) = await router.RunAsync(hard);

        Assert.Equal("Done.", report.Result);
        Assert.Equal(RouteReason.Cost, Assert.Single(bodies.OfType<ModelRouted>()).Reason);
        Assert.Equal("m/2", router.Asked[0]);
        Assert.Equal("m/0", router.Asked[^1]);
        var requests = bodies.OfType<ModelRequested>().ToList();
        Assert.All(requests, request => Assert.Equal(
            Ladder.DollarsPerMillion(request.Model) * (request.Reserved.InputTokens + request.Reserved.OutputTokens)
                / 1_000_000m,
            request.Reserved.Dollars));
    }

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task A_rung_that_cannot_be_paid_is_not_taken()
    {
        await using var router = new Ladder(model => model == "m/0" ? "same call" : "finish") { Dollars = 0.2m };
        router.DollarsOf = rung => rung == 0 ? 1m : 100_000m;

        var (report, bodies) = await router.RunAsync("Say hello.");

        Assert.Equal("limit.loop", report.Reason);
        Assert.Empty(bodies.OfType<ModelRouted>());
        Assert.Equal(["m/0"], router.Asked.Distinct());
    }

    [Fact]
    [Trait("Req", "MODEL-5")]
    public async Task A_rung_without_a_price_is_refused_under_a_limit_in_money()
    {
        await using var router = new Ladder(_ => "finish") { HasMoneyLimit = true };
        router.DollarsOf = rung => rung == 2 ? null : 1m;

        var refused = await Assert.ThrowsAsync<ProblemException>(() => router.RunAsync("Say hello."));

        Assert.Equal("price.unknown", refused.Problem.Code);
        Assert.Empty(router.Asked);
    }

    [Fact]
    public async Task The_command_line_chooses_from_the_configured_ladder()
    {
        using var reeve = ForeignRun.Folder();
        using var weak = await ModelServerProcess.ForeignAsync(reeve, "finishlies");
        using var strong = await ModelServerProcess.ForeignAsync(reeve, "honest");
        reeve.Environment["OPENAI_BASE_URL"] = $"http://127.0.0.1:{weak.Port}/v1";
        reeve.Environment["ANTHROPIC_BASE_URL"] = $"http://127.0.0.1:{strong.Port}";
        reeve.Environment["REEVE_MODELS__ROUTER__LADDER"] = "openai/weak\nanthropic/strong";
        reeve.Environment["REEVE_MODELS__ROUTER__ESCALATE_AFTER"] = "1";

        var ended = await reeve.RunAsync("Mend it.", "--model", ModelRouter.Name, "--accept", ForeignRun.Accept);

        var journal = (await reeve.RunAsync("show", "--journal")).Output;
        Assert.Equal(0, (await reeve.RunAsync("replay")).ExitCode);
        Assert.Contains("model.routed", journal, StringComparison.Ordinal);
        Assert.Contains("anthropic/strong goes on", ended.All, StringComparison.Ordinal);
        Assert.Equal(1, (await weak.EndAsync()).Count(letter => letter == '\n'));
        Assert.NotEqual("", await strong.EndAsync());
    }

    [Fact]
    public async Task Without_a_ladder_there_is_nothing_to_choose_from()
    {
        using var reeve = new CommandProcess();

        var ended = await reeve.RunAsync("Mend it.", "--model", ModelRouter.Name);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("models.router.ladder", ended.All, StringComparison.Ordinal);
    }

    [Fact]
    public void The_score_is_bounded_and_each_part_of_it_too()
    {
        var much = string.Join(' ', Complexity.HardWords.Concat(Enumerable.Range(0, 100).Select(n => $"f{n}.cs")));
        var little = string.Join(' ', Complexity.EasyWords);

        Assert.Equal(
            new Complexity(much.Length / 40, Complexity.FilePointsMax, Complexity.WordPointsMax), Complexity.Of(much));
        Assert.Equal(Complexity.SizePointsMax, Complexity.Of(new string('a', 100_000)).Size);
        Assert.Equal(
            Complexity.TotalMax, new Complexity(Complexity.SizePointsMax, Complexity.FilePointsMax, 400).Total);
        Assert.Equal(-Complexity.WordPointsMax, Complexity.Of(little).Words);
        Assert.Equal(0, Complexity.Of(little).Total);
        Assert.Equal(2, new Complexity(30, 32, 40).RungOf(3));
    }

    /// <summary>Three models, each of which does in every turn what the scenario says of its name.</summary>
    private sealed class Ladder(Func<string, string> deed) : IAsyncDisposable
    {
        private readonly List<string> _asked = [];
        private ReeveHarness? _reeve;

        public static IReadOnlyList<string> Names { get; } = ["m/0", "m/1", "m/2"];

        public ModelRouter Router { get; init; } = new(Names, 2, null);

        public Func<int, decimal?> DollarsOf { get; set; } = rung => DollarsPerMillion(rung);

        public decimal? Dollars { get; init; }

        public bool HasMoneyLimit { get; init; }

        public IReadOnlyList<string> Asked => _asked;

        public static decimal DollarsPerMillion(int rung) => rung switch { 0 => 0.1m, 1 => 1m, _ => 10m };

        public async Task<(Hosting.Runs.RunReport Report, List<Kernel.Journal.EventBody> Bodies)> RunAsync(
            string goal, params string[] criteria)
        {
            var reeve = _reeve = new ReeveHarness(new Rung("none", deed, _asked))
            {
                Limits = RunLimits.Default with
                {
                    AttemptsPerCall = 3,
                    Budget = RunLimits.Default.Budget with { Dollars = Dollars ?? 1_000m },
                },
                Change = options => options with
                {
                    DefaultModel = ModelRouter.Name, Router = Router, HasMoneyLimit = HasMoneyLimit,
                    Model = name => new Rung(name, deed, _asked),
                    TermsOf = (name, isMoney) => new ModelTerms(
                        name, DollarsOf(name[^1] - '0'), DollarsOf(name[^1] - '0'), "test", isMoney),
                },
            };
            var report = await reeve.RunAsync(goal, criteria);

            Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, Stop))).Fault);
            return (report, [.. (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body)]);
        }

        public ValueTask DisposeAsync() => _reeve?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private sealed class Rung(string name, Func<string, string> deed, List<string> asked) : IModel
    {
        private int _turn;

        public string Name => name;

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
        {
            asked.Add(name);
            _turn++;
            return deed(name) switch
            {
                "malformed" => throw new ModelCallException(
                    new Problem("model.malformed", "Not a reply.", IsRetryable: true), wasSent: false),
                "empty" => Reply(),
                "unknown tool" => Reply(Call("no_such_tool", new { })),
                "bad arguments" => Reply(new ToolCallPart($"call{_turn}", "read", $"{{\"no\": {_turn}")),
                "same call" => Reply(Call("tree", new { path = "." })),
                "look" => Reply(Call("glob", new { pattern = $"**/{_turn}" })),
                "write" when _turn == 1 => Reply(Call("write", new { path = "made.txt", content = "x" })),
                _ => Reply(Call("finish", new { summary = "Done." })),
            };
        }

        private ToolCallPart Call(string tool, object arguments) =>
            new($"call{_turn}", tool, JsonSerializer.Serialize(arguments));

        private static Task<ModelReply> Reply(params MessagePart[] parts) => Task.FromResult(new ModelReply(
            new Message(MessageRole.Assistant, [.. parts]),
            parts.Length == 0 ? StopReason.EndOfTurn : StopReason.ToolCalls, new Usage(2_000, 100), "m"));
    }
}
