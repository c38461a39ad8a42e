using Reeve.Hosting.Configuration;
using Reeve.Tests.Scenarios.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class HookCommandTests
{
    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_of_the_configuration_is_asked_by_the_command_and_one_of_the_workspace_is_not()
    {
        using var reeve = new CommandProcess();
        await ConfigureAsync(
            reeve, "hooks:\n  beforeTool:\n    - match: write\n      command: [sh, -c, 'echo no >&2; exit 2']\n");
        reeve.Write(".reeve/config.yaml", "hooks:\n  beforeTool: []\n");

        var ended = await reeve.RunAsync("write it");

        Assert.Contains("hook.denied: A hook of the operator says: \"no\"", ended.Error, StringComparison.Ordinal);
        Assert.False(ended.CommandsTheTerminal);
        Assert.Matches("hooks.beforeTool +write: sh -c echo no", (await reeve.RunAsync("config", "show")).Output);
    }

    [Theory]
    [InlineData("- {match: write}")]
    [InlineData("- {command: []}")]
    [InlineData("- {command: sh}")]
    [InlineData("- {match: 'a*b', command: [sh]}")]
    [InlineData("- {command: [sh], timeoutSeconds: 601}")]
    [InlineData("- {command: [sh], timeout: 3}")]
    [InlineData("- sh")]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_that_is_not_understood_is_refused(string hook)
    {
        using var reeve = new CommandProcess();
        await ConfigureAsync(reeve, $"hooks:\n  beforeTool:\n    {hook}\n");

        var ended = await reeve.RunAsync("write it");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("config.", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt", "- {match: write, command: [sh]}")]
    [InlineData("stop", "- {match: '*', command: [sh]}")]
    [InlineData("compaction", "- {command: sh}")]
    [InlineData("afterTool", "- {match: 'a*b', command: [sh]}")]
    [InlineData("stopRounds", "21")]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_at_another_point_that_is_not_understood_is_refused(string point, string hook)
    {
        using var reeve = new CommandProcess();
        await ConfigureAsync(reeve, $"hooks:\n  {point}:\n    {hook}\n");

        var ended = await reeve.RunAsync("write it");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("config.", ended.Error, StringComparison.Ordinal);
        Assert.Equal(20, Reeve.Kernel.Hooks.HookTerms.StopRoundsMax);
    }

    [Theory]
    [InlineData("afterTool", "⊘ hook withheld (hook.denied): A hook of the operator says: \"no\"")]
    [InlineData("prompt", "⊘ hook A hook of the operator says: \"no\"")]
    [InlineData("stop", "⊘ hook The operator's hooks do not accept this end (hook.denied)")]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_at_another_point_is_asked_by_the_command(string point, string line)
    {
        using var reeve = new CommandProcess();
        await ConfigureAsync(
            reeve,
            $"hooks:\n  stopRounds: 0\n  {point}:\n    - command: [sh, -c, 'echo no >&2; exit 2']\n");

        var ended = await reeve.RunAsync("--accept", "true", "write it");

        Assert.Contains(line, ended.Error, StringComparison.Ordinal);
        Assert.Equal(point == "afterTool", ended.ExitCode == 0);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task Hooks_of_a_folder_are_asked_once_it_is_trusted_and_take_nothing_from_the_operators()
    {
        using var reeve = new CommandProcess();
        await ConfigureAsync(
            reeve, "hooks:\n  prompt:\n    - command: [sh, -c, 'grep -q secret && exit 2; exit 0']\n");
        reeve.Write(
            ".reeve/hooks.yaml",
            "prompt: []\nbeforeTool:\n  - {match: write, command: [sh, -c, 'echo folder >&2; exit 2']}\n");
        const string Denied = "hook.denied: A hook of the operator says: \"folder\"";

        var untrusted = await reeve.RunAsync("write it");
        Assert.Equal(0, (await reeve.RunAsync("trust")).ExitCode);
        var trusted = await reeve.RunAsync("write it");
        var refused = await reeve.RunAsync("tell the secret");
        reeve.Write(".reeve/hooks.yaml", "before: []\n");
        await reeve.RunAsync("trust");
        var malformed = await reeve.RunAsync("write it");

        Assert.Contains("not trusted: .reeve/hooks.yaml", untrusted.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Denied, untrusted.Error, StringComparison.Ordinal);
        Assert.Contains(Denied, trusted.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Equal(2, malformed.ExitCode);
        Assert.Contains("config.unknown_key", malformed.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task Hooks_and_their_arguments_are_bounded()
    {
        Assert.Equal(600, HookReader.TimeoutSecondsMax);
        using var reeve = new CommandProcess();
        var hooks = string.Concat(Enumerable.Repeat("    - {command: [sh]}\n", HookReader.HooksMax + 1));
        await ConfigureAsync(reeve, $"hooks:\n  beforeTool:\n{hooks}");
        Assert.Equal(2, (await reeve.RunAsync("write it")).ExitCode);

        var arguments = string.Join(", ", Enumerable.Repeat("a", HookReader.ArgumentsMax + 1));
        await ConfigureAsync(reeve, $"hooks:\n  beforeTool:\n    - {{command: [{arguments}]}}\n");
        Assert.Equal(2, (await reeve.RunAsync("write it")).ExitCode);
    }

    private static async Task ConfigureAsync(CommandProcess reeve, string text)
    {
        var path = Path.Combine(reeve.Root, "config.yaml");
        var script = Path.Combine(reeve.Root, "script.json");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            script, Of(Call("write", new { path = "a.txt", content = "a" }), Finishes()),
                TestContext.Current.CancellationToken);
        reeve.Environment["REEVE_CONFIG"] = path;
        reeve.Environment["REEVE_MODEL"] = $"scripted/{script}";
    }
}
