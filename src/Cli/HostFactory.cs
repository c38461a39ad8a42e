using Reeve.Cli.Operator;
using Reeve.Hosting;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli;

/// <summary>The one place where the command line meets the composition root.</summary>
internal static class HostFactory
{
    public static IOperatorTools Tools { get; } = new OperatorTools();

    public static async Task<IReeveHost> OpenAsync(Settings settings, CancellationToken cancellationToken) =>
        await ReeveHost.OpenAsync(CompositionOf(settings).Compose(), cancellationToken);

    public static SettingsComposition CompositionOf(Settings settings) =>
        new(settings, EnvironmentVariables.Read(), TimeProvider.System);
}
