using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Reeve.Tests.Simulation.World;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Crashes;

/// <summary>A run that does everything once, on the real store, dead at each write of its journal in turn.</summary>
public sealed class CrashTests
{
    /// <summary>Processes one run may need; each death is planned, so this is never reached.</summary>
    private const int LivesMax = 12;

    /// <summary>Fewer would mean that the run did not do what is written below.</summary>
    private const int WritesMin = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CrashMoment.ActedNotRecorded)]
    [InlineData(CrashMoment.RecordedNotFolded)]
    [Trait("Req", "RUN-2")]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    public async Task Dead_at_every_write_it_ends_as_if_it_had_lived(CrashMoment moment)
    {
        var whole = await RunAsync();

        Assert.Equal("verified", whole.Reason);
        Assert.Equal("order-1=1 pay-1=1 send-1=1", whole.Effects);
        Assert.True(whole.Appends >= WritesMin, $"{whole.Appends} writes");

        for (var append = 1; append <= whole.Appends; append++)
        {
            var crashed = await RunAsync(new CrashPoint(append, moment));

            Assert.Equal(1, crashed.Deaths);
            AssertSame(whole, crashed, $"{moment} at {append}");
        }
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    public async Task Dead_again_while_it_recovers_it_still_ends_the_same()
    {
        var random = new Random(3);
        var whole = await RunAsync();

        for (var round = 0; round < 12; round++)
        {
            var crashes = Enumerable.Range(0, 3).Select(_ => new CrashPoint(
                1 + random.Next(whole.Appends / 2), (CrashMoment)random.Next(2))).ToArray();

            AssertSame(whole, await RunAsync(crashes), string.Join(", ", crashes.AsEnumerable()));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "RUN-4")]
    [Trait("Req", "RUN-5")]
    public async Task An_effect_in_doubt_waits_for_a_person_and_says_so(bool happened)
    {
        await using var reeve = new ReeveHarness(Of(Call("send", new { id = "a" }), Finishes()));
        var lives = new Lives(reeve, new Outside());
        var run = await SubmitAsync(lives, reeve);
        await DieAfterEffectAsync(lives, run);
        await using var life = await lives.BeginAsync();

        var parked = await ContinueAsync(life, run);
        var report = await life.Host.ReportAsync(run, Stop);
        Assert.Equal((RunStatus.InDoubt, "effect.in_doubt"), (parked.Status, parked.Reason));
        var call = Assert.Single(report.CallsInDoubt);
        Assert.Equal(1, lives.Outside.TimesOf("a"));

        await life.Host.ResolveDoubtAsync(run, call, happened, Stop);
        await life.Host.ResolveDoubtAsync(run, call, !happened, Stop);
        var ended = await ContinueAsync(life, run);
        Assert.Equal(RunStatus.Succeeded, ended.Status);
        Assert.Equal(happened ? 1 : 2, lives.Outside.TimesOf("a"));
        Assert.Null((await life.Host.ReplayAsync(run, Stop)).Fault);
    }

    private static void AssertSame(Ending whole, Ending crashed, string where)
    {
        Assert.True(crashed.Fault is null, $"{where}: {crashed.Fault}");
        Assert.True(
            (whole.Status, whole.Reason, whole.Tree, whole.Effects)
                == (crashed.Status, crashed.Reason, crashed.Tree, crashed.Effects),
            $"{where}\nwhole:   {whole}\ncrashed: {crashed}");
        Assert.True(crashed.IsTreeUntouched, where);
        Assert.True(crashed.OpenReservations == 0, where);
    }

    private static string Script { get; } = Of(
        Calls(("read", new { path = "a.txt" }), ("look", new { id = "1" }), ("look", new { id = "2" })),
        Call("edit", new { path = "a.txt", oldText = "one", newText = "two" }),
        Call("send", new { id = "send-1" }),
        Calls(("write", new { path = "new/b.txt", content = "b\n" }), ("pay", new { id = "pay-1" })),
        Call("shell", new { command = "echo three >> a.txt; cat a.txt" }),
        Calls(("nonsense", new { x = 1 }), ("read", new { path = "../../etc/passwd" })),
        Call("order", new { id = "order-1" }),
        Finishes("First claim."),
        Call("write", new { path = "proof.txt", content = "yes\n" }),
        Finishes("Second claim."));

    private static async Task<Ending> RunAsync(params CrashPoint[] crashes)
    {
        await using var reeve = new ReeveHarness(Script);
        reeve.Write("a.txt", "one\n");
        reeve.Write("AGENTS.md", "Be careful.\n");
        var before = Tree.Of(reeve.Workspace);
        var lives = new Lives(reeve, new Outside());
        var run = await SubmitAsync(lives, reeve, "echo junk > junk.txt; grep -q yes proof.txt");
        var (deaths, appends) = (0, 0);

        for (var number = 0; number < LivesMax; number++)
        {
            await using var life = await lives.BeginAsync(number < crashes.Length ? crashes[number] : null);

            try
            {
                var state = await ContinueAsync(life, run);
                appends = life.Store.Appends;

                if (state.Status == RunStatus.InDoubt)
                {
                    await ResolveAsync(life, run, lives.Outside);
                    continue;
                }
            }
            catch (SimulatedCrash)
            {
                deaths++;
                continue;
            }

            break;
        }

        await using var last = await lives.BeginAsync();
        var ended = await ContinueAsync(last, run);
        var isUntouched = before == Tree.Of(reeve.Workspace);
        var fault = (await last.Host.VerifyAsync(run, Stop)).Fault ?? (await last.Host.ReplayAsync(run, Stop)).Fault;
        await last.Host.ApplyAsync(run, includeIgnored: false, reviewedTree: null, Stop);

        return new Ending(
            ended.Status, ended.Reason, Tree.Of(reeve.Workspace), lives.Outside.Summary, fault, deaths, appends,
            isUntouched, ended.Budget.OpenReservations.Count());
    }

    /// <summary>The person looks at the world, and says what is true.</summary>
    private static async Task ResolveAsync(Life life, RunKey run, Outside outside)
    {
        foreach (var call in (await life.Host.ReportAsync(run, Stop)).CallsInDoubt)
        {
            await life.Host.ResolveDoubtAsync(run, call, outside.TimesOf("send-1") > 0, Stop);
        }
    }

    private static async Task<RunKey> SubmitAsync(Lives lives, ReeveHarness reeve, params string[] criteria)
    {
        await using var life = await lives.BeginAsync();
        return await reeve.SubmitAsync(life.Host, "Do it.", criteria);
    }

    private static Task<RunState> ContinueAsync(Life life, RunKey run) => life.Host.ContinueAsync(
        run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop);

    /// <summary>Dies at the write that would record what the effect came to.</summary>
    private static async Task DieAfterEffectAsync(Lives lives, RunKey run)
    {
        await using var life = await lives.BeginAsync(beforeAppend: _ =>
        {
            if (lives.Outside.All.Count > 0)
            {
                throw new SimulatedCrash();
            }
        });

        await Assert.ThrowsAsync<SimulatedCrash>(() => ContinueAsync(life, run));
    }

    private sealed record Ending(
        RunStatus Status, string Reason, string Tree, string Effects, JournalFault? Fault, int Deaths, int Appends,
        bool IsTreeUntouched, int OpenReservations);
}
