using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Network;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Simulation.World;

/// <summary>A server in a process of its own that counts the requests of every effect, with their keys.</summary>
/// <remarks>What reaches it goes through the product's own client, and nothing of ours can take a count back.</remarks>
public sealed class CountingServer : IDisposable
{
    private readonly Process _process;
    private readonly PinnedHttp _http;

    private CountingServer(Process process, string url)
    {
        _process = process;
        Url = url;
        _http = new PinnedHttp(new TrustedOrigins(url), TimeProvider.System);
    }

    public string Url { get; }

    public IReadOnlyList<ITool> Tools => ToolsAt(_http, Url);

    /// <param name="pause">Between counting a request and answering it.</param>
    public static async Task<CountingServer> StartAsync(TimeSpan pause)
    {
        var start = new ProcessStartInfo("python3",
        [
            Path.Combine(AppContext.BaseDirectory, "World", "counter.py"),
            pause.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync();
        return new CountingServer(process, $"http://127.0.0.1:{port}");
    }

    /// <summary>A tool of each class whose one effect is one request.</summary>
    public static IReadOnlyList<ITool> ToolsAt(IReach reach, string url) =>
    [
        new PostTool("send", EffectClass.Once, reach, url), new PostTool("pay", EffectClass.Idempotent, reach, url),
    ];

    /// <summary>How often a name was asked for, and under how many keys.</summary>
    public async Task<(int Requests, int Keys)> CountsAsync(string name, CancellationToken stop)
    {
        await using var response = await _http.SendAsync(new ReachRequest("GET", Url, [], []), stop);
        using var counts = await JsonDocument.ParseAsync(response.Body, cancellationToken: stop);

        return counts.RootElement.TryGetProperty(name, out var known)
            ? (known.GetProperty("requests").GetInt32(), known.GetProperty("keys").GetArrayLength()) : (0, 0);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _http.Dispose();
    }

    private sealed class PostTool(string name, EffectClass effectClass, IReach reach, string url) : ITool
    {
        private static readonly JsonElement s_schema = JsonDocument.Parse(
            """{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}""").RootElement;

        public ToolSpec Spec { get; } = new(name, "Posts to the server outside.", effectClass, []);

        public JsonElement ArgumentsSchema => s_schema;

        public IReadOnlyList<Effect> EffectsOf(JsonElement arguments) => [new Effect(EffectKind.None, "")];

        public async Task<ToolOutput> InvokeAsync(
            JsonElement arguments, ToolContext context, CancellationToken cancellationToken)
        {
            var id = arguments.GetProperty("id").GetString()!;
            var request = new ReachRequest(
                "POST", $"{url}/{id}", [new ReachHeader("Idempotency-Key", context.CallKey)],
                [Encoding.UTF8.GetBytes("{}")]);
            await using var response = await reach.SendAsync(request, cancellationToken);

            return new ToolOutput($"{name} {id}: {response.Status}", Label.Of([new SourceId("outside")], null));
        }
    }
}
