using System.Diagnostics;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Simulation.World;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Processes;

/// <summary>A worker that is killed while its request is on its way; a server outside counts what arrived.</summary>
public sealed class KilledWorkerTests : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly string _root = Directory.CreateTempSubdirectory("reeve-worker-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    [Trait("Req", "RUN-5")]
    public async Task Killed_while_it_sends_the_run_parks_in_doubt_and_is_never_sent_again_unasked(bool happened)
    {
        using var server = await CountingServer.StartAsync(s_pause);
        var run = await SubmitAsync(server, "send");

        await KillWhenAskedAsync(server);
        Assert.Equal("in_doubt", await WorkAsync(server));
        Assert.Equal("in_doubt", await WorkAsync(server));
        Assert.Equal((1, 1), await server.CountsAsync("it", Stop));

        await using (var host = await Worker.OpenAsync(_root, server.Url))
        {
            var call = Assert.Single((await host.ReportAsync(run, Stop)).CallsInDoubt);
            await host.ResolveDoubtAsync(run, call, happened, Stop);
        }

        Assert.Equal("succeeded", await WorkAsync(server));
        Assert.Equal(happened ? (1, 1) : (2, 1), await server.CountsAsync("it", Stop));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    public async Task Killed_while_it_pays_it_asks_again_under_the_same_key()
    {
        using var server = await CountingServer.StartAsync(s_pause);
        await SubmitAsync(server, "pay");

        await KillWhenAskedAsync(server);

        Assert.Equal("succeeded", await WorkAsync(server));
        Assert.Equal((2, 1), await server.CountsAsync("it", Stop));
    }

    private async Task<RunKey> SubmitAsync(CountingServer server, string tool)
    {
        var workspace = Directory.CreateDirectory(Path.Join(_root, "workspace")).FullName;
        await File.WriteAllTextAsync(
            Path.Join(_root, "script.json"), Of(Call(tool, new { id = "it" }), Finishes()), Stop);
        await using var host = await Worker.OpenAsync(_root, server.Url);

        return await host.SubmitAsync(new RunRequest("Do it.", workspace), Stop);
    }

    /// <summary>Kills a worker when its request has arrived, and before it is answered.</summary>
    private async Task KillWhenAskedAsync(CountingServer server)
    {
        using var worker = Start(server);

        // Ends: the worker asks, or ends without having asked.
        while ((await server.CountsAsync("it", Stop)).Requests == 0 && !worker.HasExited)
        {
            await Task.Yield();
        }

        Assert.False(worker.HasExited);
        worker.Kill();
        await worker.WaitForExitAsync(Stop);
        Assert.False(File.Exists(Path.Join(_root, "ended")));
    }

    /// <returns>The status of the run when the worker had ended.</returns>
    private async Task<string> WorkAsync(CountingServer server)
    {
        using var worker = Start(server);
        await worker.WaitForExitAsync(Stop);
        return await File.ReadAllTextAsync(Path.Join(_root, "ended"), Stop);
    }

    private Process Start(CountingServer server)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[Worker.Variable] = $"{_root} {server.Url}";
        return Process.Start(start)!;
    }
}
