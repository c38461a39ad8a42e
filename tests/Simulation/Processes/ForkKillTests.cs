using System.Text.Json;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Processes;

/// <summary>The real command, killed in the middle of a rewind: the parent is as it was, and there is no child or
/// one that can be used.</summary>
public sealed class ForkKillTests
{
    private const int FilesCount = 800, LooksMax = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("forks", "*")]
    [InlineData("runs", "tree")]
    [InlineData("runs", "checkpoint-*")]
    [Trait("Req", "RUN-8")]
    [Trait("Req", "FS-3")]
    public async Task Killed_at_any_stage_it_leaves_the_parent_as_it_was_and_nothing_half_made(
        string folder, string stage)
    {
        var root = Directory.CreateTempSubdirectory("reeve-kill-").FullName;

        try
        {
            await RunAsync(root, folder, stage);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task RunAsync(string root, string folder, string stage)
    {
        var workspace = Directory.CreateDirectory(Path.Join(root, "workspace")).FullName;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var home = Directory.CreateDirectory(Path.Join(root, "home"), Private).FullName;
        var script = Path.Join(root, "script.json");
        await File.WriteAllTextAsync(Path.Join(root, "config.yaml"), "view:\n  kind: copy\n", Stop);
        await File.WriteAllTextAsync(script, Script, Stop);

        for (var number = 0; number < FilesCount; number++)
        {
            await File.WriteAllTextAsync(Path.Join(workspace, $"{number}.txt"), $"{number}\n", Stop);
        }

        await SucceedAsync("run", "Change it.", "--model", $"scripted/{script}", "--apply", "never");
        var parent = await OneAsync("runs", "--json", "run_id");
        var before = await ShownAsync("diff", parent);
        var at = JsonDocument.Parse(await ShownAsync("rewind", parent, "--json")).RootElement[1]
            .GetProperty("at").GetInt64().ToString();

        using (var killed = Start("rewind", parent, "--at", at))
        {
            Assert.True(await KillAtAsync(killed, home, folder, parent, stage), $"{stage} never showed");
        }

        Assert.Equal(before, await ShownAsync("diff", parent));
        await SucceedAsync("journal", "verify", parent);
        var rewound = JsonDocument.Parse(await ShownAsync("rewind", parent, "--at", at, "--json")).RootElement
            .GetProperty("run_id").GetString()!;
        var runs = JsonDocument.Parse(await ShownAsync("runs", "--all", "--json")).RootElement.EnumerateArray()
            .Select(run => run.GetProperty("run_id").GetString()!).ToList();

        Assert.Equal(
            runs.Order(), Directory.GetDirectories(Path.Join(home, "runs")).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.GetFiles(Path.Join(home, "forks")));
        Assert.Contains("+one", await ShownAsync("diff", rewound), StringComparison.Ordinal);

        foreach (var run in runs.Where(run => run != parent))
        {
            await SucceedAsync("journal", "verify", run);
            await SucceedAsync("resume", run, "--apply", "never");
        }

        ReeveProcess Start(params string[] arguments) => new(home, workspace, arguments);

        async Task<string> ShownAsync(params string[] arguments)
        {
            using var process = Start(arguments);
            var (code, output, errors) = await process.EndAsync(Stop);
            Assert.True(code is 0 or 7, $"{string.Join(' ', arguments)}: {code}\n{output}\n{errors}");
            return output;
        }

        Task SucceedAsync(params string[] arguments) => ShownAsync(arguments);

        async Task<string> OneAsync(string command, string json, string property) => JsonDocument
            .Parse(await ShownAsync(command, json)).RootElement[0].GetProperty(property).GetString()!;
    }

    /// <summary>Watches the data directory from outside, as any other process could.</summary>
    private static async Task<bool> KillAtAsync(
        ReeveProcess process, string home, string folder, string parent, string stage)
    {
        var watched = Path.Join(home, folder);

        for (var look = 0; look < LooksMax && !process.HasEnded; look++)
        {
            var places = folder == "forks"
                ? [watched]
                : Directory.GetDirectories(watched).Where(place => Path.GetFileName(place) != parent);

            if (places.Any(place => Directory.Exists(place) && Directory.GetFileSystemEntries(place, stage).Length > 0))
            {
                await process.KillAsync();
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Stop);
        }

        // It was over before it could be seen: then nothing was cut off, and what follows holds as well.
        return process.HasEnded;
    }

    private static string Script { get; } = Of(
        Call("shell", new { command = "echo one > a.txt; rm 1.txt" }),
        Call("shell", new { command = "echo two > a.txt; rm -rf 2.txt" }),
        Says("Done."));
}
