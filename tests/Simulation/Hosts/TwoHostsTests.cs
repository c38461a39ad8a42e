using Reeve.Authority;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;
using Reeve.Tests.Shared;
using Reeve.Tests.Simulation.World;
using Xunit;

namespace Reeve.Tests.Simulation.Hosts;

/// <summary>Two processes on one data directory: one of them works, the other is told so, or heard.</summary>
public sealed class TwoHostsTests
{
    private const int Races = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_run_is_never_advanced_by_two()
    {
        var model = new GatedModel();
        await using var reeve = new ReeveHarness(model);
        var lives = new Lives(reeve, new Outside());
        await using var left = await lives.BeginAsync();
        await using var right = await lives.BeginAsync();

        for (var race = 0; race < Races; race++)
        {
            model.Close();
            var run = await reeve.SubmitAsync(left.Host);
            var first = CodeOfAsync(left, run);
            var second = CodeOfAsync(right, run);
            var loser = await await Task.WhenAny(first, second);
            model.Open();
            var codes = new[] { await first, await second };

            Assert.Equal("run.busy", loser);
            Assert.Equal(["", "run.busy"], codes.Order(StringComparer.Ordinal));
            Assert.Equal(1, await CountAsync<RunResumed>(left, run));
        }
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    public async Task Who_has_lost_the_lease_appends_nothing_more()
    {
        var model = new GatedModel { Reply = Asks("send", "{\"id\":\"a\"}") };
        await using var reeve = new ReeveHarness(model);
        var lives = new Lives(reeve, new Outside());
        await using var stalled = await lives.BeginAsync();
        await using var successor = await lives.BeginAsync();
        var run = await reeve.SubmitAsync(stalled.Host);
        model.Close();
        var stalling = CodeOfAsync(stalled, run);
        await model.Called;
        stalled.Die();

        var taken = await CodeOfAsync(successor, run, afterTakeover: () => model.Open());
        model.Open();
        Assert.Equal("run.fenced", await stalling);
        Assert.Contains(taken, new[] { "", "run.busy" });

        var ended = await ContinueAsync(successor, run);
        Assert.Equal(RunStatus.Succeeded, ended.Status);
        Assert.Equal(1, lives.Outside.TimesOf("a"));
        Assert.Null((await successor.Host.VerifyAsync(run, Stop)).Fault);
        Assert.Null((await successor.Host.ReplayAsync(run, Stop)).Fault);
    }

    [Fact]
    [Trait("Req", "RUN-5")]
    public async Task Cancelling_from_the_other_process_ends_what_runs_here()
    {
        var model = new GatedModel();
        await using var reeve = new ReeveHarness(model);
        var lives = new Lives(reeve, new Outside());
        await using var here = await lives.BeginAsync();
        await using var there = await lives.BeginAsync();
        var run = await reeve.SubmitAsync(here.Host);
        model.Close();
        var running = ContinueAsync(here, run);
        await model.Called;

        await there.Host.CancelAsync(run, Stop);

        var ended = await running;
        Assert.Equal((RunStatus.Cancelled, "cancelled"), (ended.Status, ended.Reason));
        Assert.Equal(0, model.InFlight);
        Assert.Empty(ended.Budget.OpenReservations);
        Assert.True(ended.Budget.Spent.InputTokens > 0, "a call that was under way is charged");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "GATE-7")]
    public async Task An_answer_from_the_other_process_counts_once_for_the_exact_action(bool isApproved)
    {
        var model = new GatedModel { Reply = Asks("post", "{\"id\":\"a\"}") };
        await using var reeve = new ReeveHarness(model);
        var lives = new Lives(reeve, new Outside());
        await using var here = await lives.BeginAsync();
        await using var there = await lives.BeginAsync();
        var run = await reeve.SubmitAsync(here.Host);
        var asked = new AskedObserver();
        var running = here.Host.ContinueAsync(run, asked, new RunLoopOptions(TimeSpan.FromMinutes(1)), Stop);
        Assert.Same(asked.Asked, await Task.WhenAny(asked.Asked, running));

        await there.Host.AnswerAsync(run, action: null, isApproved, "", Stop);
        var ended = await running;

        Assert.Equal(RunStatus.Succeeded, ended.Status);
        Assert.Equal(isApproved ? 1 : 0, lives.Outside.TimesOf("a"));
        Assert.Equal(1, await CountAsync<ApprovalAnswered>(there, run));
    }

    private static GatedModel.Ask Asks(string tool, string arguments) => new(tool, arguments);

    private static Task<RunState> ContinueAsync(Life life, RunKey run) => life.Host.ContinueAsync(
        run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop);

    private static async Task<string> CodeOfAsync(Life life, RunKey run, Action? afterTakeover = null)
    {
        try
        {
            await life.Host.ContinueAsync(
                run, new FirstEntryObserver(afterTakeover), new RunLoopOptions(TimeSpan.Zero), Stop);
            return "";
        }
        catch (ProblemException refusal)
        {
            return refusal.Problem.Code;
        }
    }

    private static async Task<int> CountAsync<TBody>(Life life, RunKey run)
    {
        var count = 0;

        await foreach (var shown in life.Host.EntriesAsync(run, 1, Stop))
        {
            count += shown.Entry.Body is TBody ? 1 : 0;
        }

        return count;
    }
}
