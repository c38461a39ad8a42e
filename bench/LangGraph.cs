using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reeve.Bench;

/// <summary>LangGraph with its SQLite saver, installed once with npm beside the build.</summary>
internal sealed class LangGraph : IAsyncDisposable
{
    private static readonly string s_directory =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../anchors/langgraph"));

    private readonly LineProcess _node = new(
        "node", s_directory, "anchor.mjs", Path.Combine(s_directory, "data"));

    /// <summary>Null, with the reason on the terminal, where node is missing or npm cannot install it.</summary>
    public static async Task<LangGraph?> TryStartAsync()
    {
        Directory.CreateDirectory(s_directory);

        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "anchors/langgraph")))
        {
            File.Copy(file, Path.Combine(s_directory, Path.GetFileName(file)), overwrite: true);
        }

        try
        {
            if (!Directory.Exists(Path.Combine(s_directory, "node_modules/better-sqlite3")))
            {
                using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund"])
                {
                    WorkingDirectory = s_directory,
                })!;
                await npm.WaitForExitAsync();
            }

            return new LangGraph();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Console.WriteLine($"  no anchor: {missing.Message}");
            return null;
        }
    }

    public async Task<LangGraphResult> RunAsync(string url, string workspace, int steps, int runs = 1)
    {
        var asked = JsonSerializer.Serialize(
            new LangGraphRequest(url, workspace, steps, runs), LangGraphShapes.Default.LangGraphRequest);
        var answer = await _node.AskAsync(asked);

        return JsonSerializer.Deserialize(answer, LangGraphShapes.Default.LangGraphResult)!;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}

internal sealed record LangGraphRequest(string Url, string Workspace, int Steps, int Runs);

internal sealed record LangGraphResult(
    double Milliseconds, long Bytes, double CpuMilliseconds, int Succeeded, string Problem, long ResidentBytesMax);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LangGraphRequest))]
[JsonSerializable(typeof(LangGraphResult))]
internal sealed partial class LangGraphShapes : JsonSerializerContext;
