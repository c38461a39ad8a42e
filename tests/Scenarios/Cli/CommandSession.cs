using Reeve.Cli;
using Reeve.Cli.Operator;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Tests.Shared;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>Types commands into the real command line, over a harness whose model is scripted.</summary>
internal sealed class CommandSession(ReeveHarness reeve)
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public TerminalTraits Traits { get; init; } = TerminalTraits.None;

    public string Input { get; init; } = "";

    public string ConfigurationPath { get; init; } = "/nonexistent/reeve.yaml";

    public Dictionary<string, string> Environment { get; } = new() { ["REEVE_HOME"] = reeve.Data };

    public async Task<int> TypeAsync(params string[] arguments)
    {
        using var signals = Signals.OfTest(TimeProvider.System, _ => { });
        var terminal = new Terminal(_output, _error, new StringReader(Input), Traits);
        var world = new World(
            terminal, reeve.Workspace,
            flags => SettingsReader.Read(Environment, ConfigurationPath, flags),
            async (settings, _) => await OpenAsync(settings),
            new OperatorTools(), signals, TimeProvider.System)
        {
            Environment = Environment,
        };

        return await CommandLine.RunAsync(arguments, world);
    }

    private async Task<IReeveHost> OpenAsync(Settings settings)
    {
        reeve.Limits = settings.Limits.ToRunLimits();
        var change = reeve.Change;
        reeve.Change = options => change(options) with { OutputRepairs = settings.SchemaRepairs };
        return await reeve.OpenAsync();
    }
}
