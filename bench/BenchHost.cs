using Reeve.Authority.Mandates;
using Reeve.Doors.Network;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Hosting;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Models.Exchange;
using Reeve.Models.Scripted;
using Reeve.Models.Selection;

namespace Reeve.Bench;

/// <summary>The product's own host, with every guard, on a data directory of its own.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private readonly PinnedHttp? _http;
    private readonly string _model;

    private BenchHost(ReeveHost host, string workspace, string model, PinnedHttp? http) =>
        (Host, Workspace, _model, _http) = (host, workspace, model, http);

    public ReeveHost Host { get; }

    public string Workspace { get; }

    /// <param name="url">A model server; null plays the script in process.</param>
    public static async Task<BenchHost> OpenAsync(string data, string workspace, int steps, string? url)
    {
        var http = url is null ? null : new PinnedHttp(new TrustedOrigins(url), TimeProvider.System);
        var model = url is null ? "scripted/steps" : "openai/scripted";
        var script = StepScript.Of(steps);
        var factory = http is null
            ? null
            : new ModelFactory(
                new ModelOptions(OpenAiBaseUrl: $"{url}/v1", OpenAiKey: new ApiKey("none-needed")), http,
                path => throw new NotSupportedException(path), TimeProvider.System);
        IModel Create(string name) => factory is null
            ? new ScriptedModel(script, "steps", TimeProvider.System)
            : factory.Create(ModelSelection.Parse(name));
        var limits = RunLimits.Default with { Turns = steps + 10 };
        var host = await ReeveHost.OpenAsync(
            new HostOptions(
                data, model, Create, (name, hasLimit) => new ModelTerms(name, 1m, 2m, "bench", hasLimit),
                (request, id) => Mandate.Default(id, "bench", request.CanAsk), limits,
                _ => SandboxProfile.Default, ViewPreference.Automatic, TimeProvider.System),
            CancellationToken.None);

        return new BenchHost(host, workspace, model, http);
    }

    public async Task<RunKey> RunAsync()
    {
        var run = await Host.SubmitAsync(
            new RunRequest("Do it.", Workspace, _model, CanAsk: false), CancellationToken.None);
        var state = await Host.ContinueAsync(
            run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), CancellationToken.None);

        return state.Status == RunStatus.Succeeded
            ? run : throw new InvalidOperationException($"A run ended as {state.Status}: {state.Reason}");
    }

    /// <summary>A figure counts only when the journal of the run verifies and replays.</summary>
    public async Task CheckAsync(RunKey run)
    {
        var verified = await Host.VerifyAsync(run, CancellationToken.None);
        var replayed = await Host.ReplayAsync(run, CancellationToken.None);

        if ((verified.Fault ?? replayed.Fault) is { } fault)
        {
            throw new InvalidOperationException($"The journal of a run does not hold: {fault.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _http?.Dispose();
    }
}
