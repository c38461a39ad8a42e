using Reeve.Cli.Commands.ModelServe;

namespace Reeve.Bench;

/// <summary>Scripted model servers on loopback in a process of their own, so that both sides pay alike for
/// them.</summary>
internal static class ModelServers
{
    public const string Verb = "serve-models";

    public static async Task<(LineProcess Process, Dictionary<int, string> Urls)> StartAsync(params int[] steps)
    {
        var process = new LineProcess(
            Environment.ProcessPath!, AppContext.BaseDirectory, [Verb, .. steps.Select(count => $"{count}")]);
        var urls = new Dictionary<int, string>();

        foreach (var count in steps)
        {
            urls.Add(count, await process.ReadLineAsync());
        }

        return (process, urls);
    }

    /// <summary>Serves until standard input ends.</summary>
    public static async Task ServeAsync(IEnumerable<string> steps)
    {
        var servers = new List<ModelServer>();

        foreach (var count in steps)
        {
            var script = StepScript.Of(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
            servers.Add(await ModelServer.StartAsync(
                script, System.Net.IPAddress.Loopback, port: 0, TimeProvider.System, CancellationToken.None));
            Console.WriteLine(servers[^1].Url);
        }

        await Console.In.ReadToEndAsync();

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }
}
