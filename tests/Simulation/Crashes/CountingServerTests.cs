using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Reeve.Tests.Simulation.World;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Crashes;

/// <summary>What a server outside of the process has counted when a run died at each write of its journal.</summary>
public sealed class CountingServerTests
{
    private const int LivesMax = 8, WritesMin = 8;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CrashMoment.ActedNotRecorded)]
    [InlineData(CrashMoment.RecordedNotFolded)]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    public async Task Dead_at_every_write_no_effect_reaches_the_server_twice(CrashMoment moment)
    {
        var (appends, doubts) = (await RunAsync(crash: null), 0);
        Assert.True(appends.Writes >= WritesMin, $"{appends.Writes} writes");

        for (var append = 1; append <= appends.Writes; append++)
        {
            doubts += (await RunAsync(new CrashPoint(append, moment))).Doubts;
        }

        // At some write the outcome of the send was not known, and a person was asked about it.
        Assert.True(doubts > 0);
    }

    private static async Task<(int Writes, int Doubts)> RunAsync(CrashPoint? crash)
    {
        using var server = await CountingServer.StartAsync(TimeSpan.Zero);
        await using var reeve = new ReeveHarness(Of(
            Call("send", new { id = "send-1" }), Call("pay", new { id = "pay-1" }),
            Call("write", new { path = "a.txt", content = "x" }), Finishes()));
        var lives = new Lives(reeve, new Outside())
        {
            Change = options => options with { MoreTools = server.Tools },
        };
        var (run, writes, doubts, state) = (default(RunKey), 0, 0, default(RunState));

        await using (var life = await lives.BeginAsync())
        {
            run = await reeve.SubmitAsync(life.Host);
        }

        for (var number = 0; number < LivesMax && state is not { IsFinished: true }; number++)
        {
            await using var life = await lives.BeginAsync(number == 0 ? crash : null);

            try
            {
                state = await life.Host.ContinueAsync(run, new SilentObserver(), new(TimeSpan.Zero), Stop);
                writes = life.Store.Appends;
            }
            catch (SimulatedCrash)
            {
                continue;
            }

            if (state.Status == RunStatus.InDoubt)
            {
                doubts++;
                await ResolveAsync(life, run, server);
            }
        }

        Assert.Equal(RunStatus.Unverified, state!.Status);
        Assert.Equal((1, 1), await server.CountsAsync("send-1", Stop));
        Assert.InRange((await server.CountsAsync("pay-1", Stop)).Requests, 1, 2);
        Assert.Equal(1, (await server.CountsAsync("pay-1", Stop)).Keys);
        return (writes, doubts);
    }

    /// <summary>The person asks the server, and says what is true.</summary>
    private static async Task ResolveAsync(Life life, RunKey run, CountingServer server)
    {
        foreach (var call in (await life.Host.ReportAsync(run, Stop)).CallsInDoubt)
        {
            await life.Host.ResolveDoubtAsync(
                run, call, (await server.CountsAsync("send-1", Stop)).Requests > 0, Stop);
        }
    }
}
