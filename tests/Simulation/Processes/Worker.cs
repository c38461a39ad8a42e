using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Doors.Network;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Hosting;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Simulation.Processes;
using Reeve.Tests.Simulation.World;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(Worker))]

namespace Reeve.Tests.Simulation.Processes;

/// <summary>This executable as a worker instead of as tests: it carries the run of a folder on, and ends.</summary>
/// <remarks>The product's host with a tool beside the built-in ones, in a process that can be killed.</remarks>
public sealed class Worker : ITestPipelineStartup
{
    /// <summary>Names the folder of the run and the server outside, with a space between; without it tests are
    /// run.</summary>
    public const string Variable = "REEVE_TEST_WORKER";

    public static Task<ReeveHost> OpenAsync(string root, string url)
    {
        var script = Script.Parse(File.ReadAllBytes(Path.Join(root, "script.json")));
        var model = new ScriptedModel(script, "test", TimeProvider.System);
        var http = new PinnedHttp(new TrustedOrigins(url), TimeProvider.System);

        return ReeveHost.OpenAsync(
            new HostOptions(
                Path.Join(root, "data"), model.Name, _ => model,
                (name, hasMoneyLimit) => new ModelTerms(name, 0m, 0m, "test", hasMoneyLimit),
                (request, id) => Mandate.Default(id, "tester", request.CanAsk),
                RunLimits.Default, _ => SandboxProfile.Default, ViewPreference.Automatic, TimeProvider.System)
            {
                MoreTools = CountingServer.ToolsAt(http, url),
            },
            CancellationToken.None);
    }

    public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ') is not [var root, var url])
        {
            return;
        }

        await using (var host = await OpenAsync(root, url))
        {
            var run = await host.FindAsync("last", Path.Join(root, "workspace"), CancellationToken.None);
            var state = await host.ContinueAsync(
                run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), CancellationToken.None);
            await File.WriteAllBytesAsync(Path.Join(root, "ended"), Encoding.UTF8.GetBytes(state.Status.Word()));
        }

        Environment.Exit(0);
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
