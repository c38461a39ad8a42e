using Reeve.Cli.Operator;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli;

/// <summary>Everything a command may touch. Tests bring their own; <see cref="Real"/> is this process.</summary>
/// <param name="Directory">The folder the command was started in.</param>
internal sealed record World(
    Terminal Terminal,
    string Directory,
    Func<IReadOnlyList<FlagValue>, Settings> ReadSettings,
    Func<Settings, CancellationToken, Task<IReeveHost>> OpenHost,
    IOperatorTools Tools,
    Signals Signals,
    TimeProvider Time)
{
    public Trail Trail { get; } = new();

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public static World Real(Signals signals)
    {
        var environment = EnvironmentVariables.Read();

        return new World(
            StandardStreams.Open(environment),
            EnvironmentVariables.CurrentDirectory(),
            SettingsReader.Read,
            HostFactory.OpenAsync,
            HostFactory.Tools,
            signals,
            TimeProvider.System)
        {
            Environment = environment,
        };
    }
}
