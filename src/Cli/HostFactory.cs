using Reeve.Authority;
using Reeve.Cli.Operator;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli;

/// <summary>The one place where the command line meets the composition root.</summary>
internal static class HostFactory
{
    public static IOperatorTools Tools { get; } = new OperatorTools();

    public static Task<IReeveHost> OpenAsync(Settings settings, CancellationToken cancellationToken) =>
        throw new ProblemException(new Problem("host.unavailable", "This build cannot work on runs."));
}
