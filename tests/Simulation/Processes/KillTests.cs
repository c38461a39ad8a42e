using System.Text.Json;
using System.Text.Json.Nodes;
using Reeve.Kernel.Principals;
using Reeve.Storage.Sqlite;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Processes;

/// <summary>The real command, killed when an entry of its journal shows on disk, and resumed by another one.</summary>
public sealed class KillTests
{
    private const int EntriesMax = 10_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(27)]
    [Trait("Req", "RUN-3")]
    public async Task Killed_when_an_entry_shows_it_resumes_and_ends_the_same(int entry)
    {
        var root = Directory.CreateTempSubdirectory("reeve-kill-").FullName;

        try
        {
            Assert.Equal(
                ("succeeded verified", "a.txt: two three | new/b.txt: b"), await RunAsync(root, entry));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<(string Status, string Tree)> RunAsync(string root, int killAt)
    {
        var workspace = Directory.CreateDirectory(Path.Join(root, "workspace")).FullName;
        var home = Directory.CreateDirectory(
            Path.Join(root, "home"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var script = Path.Join(root, "script.json");
        await File.WriteAllTextAsync(Path.Join(workspace, "a.txt"), "one\n", Stop);
        await File.WriteAllTextAsync(script, Script, Stop);
        string[] run =
        [
            "run", "Change it.", "--model", $"scripted/{script}", "--accept", "grep -q two a.txt",
            "--apply", "never", "--output-format", "json",
        ];
        using var first = new ReeveProcess(home, workspace, run);
        Assert.True(await KillAtAsync(first, home, killAt), $"it ended before entry {killAt} showed");

        using var second = new ReeveProcess(
            home, workspace, "resume", "last", "--apply", "never", "--output-format", "json");
        var (code, output, errors) = await second.EndAsync(Stop);
        Assert.True(code == 0, $"{code}\n{output}\n{errors}");
        using var report = JsonDocument.Parse(output);
        var status = $"{report.RootElement.GetProperty("status").GetString()} {report.RootElement.GetProperty("proof").GetProperty("level").GetString()}";
        await SucceedAsync(home, workspace, "journal", "verify", "last");
        await SucceedAsync(home, workspace, "replay", "last");
        await SucceedAsync(home, workspace, "apply", "last");
        return (status, string.Join(" | ", Directory.EnumerateFiles(workspace, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(workspace, path)}: {Words(path)}")));
    }

    private static string Words(string path) => string.Join(' ', File.ReadAllLines(path));

    private static async Task SucceedAsync(string home, string workspace, params string[] arguments)
    {
        using var process = new ReeveProcess(home, workspace, arguments);
        var (code, output, errors) = await process.EndAsync(Stop);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{errors}");
    }

    /// <summary>Watches the data directory from outside, as any other process could.</summary>
    private static async Task<bool> KillAtAsync(ReeveProcess process, string home, int entry)
    {
        // Another process that opens a store which is just being made would make it too.
        while (!process.HasEnded && !Directory.EnumerateFiles(home, "*.db-wal").Any())
        {
            await Task.Yield();
        }

        await using var store = await SqliteRunStore.OpenAsync(home, TimeProvider.System, Stop);

        while (!process.HasEnded)
        {
            if ((await store.TailAsync(TenantId.Local, 0, EntriesMax, Stop)).Count >= entry)
            {
                await process.KillAsync();
                return true;
            }
        }

        return false;
    }

    private static string Script { get; } = Of(
        Slowly(Calls(("read", new { path = "a.txt" }), ("tree", new { path = "." }))),
        Slowly(Call("edit", new { path = "a.txt", oldText = "one", newText = "two" })),
        Slowly(Call("shell", new { command = "sleep 0.1; echo three >> a.txt" })),
        Slowly(Call("write", new { path = "new/b.txt", content = "b\n" })),
        Slowly(Finishes()));

    private static JsonObject Slowly(JsonObject turn)
    {
        turn["latency_ms"] = 60;
        return turn;
    }
}
