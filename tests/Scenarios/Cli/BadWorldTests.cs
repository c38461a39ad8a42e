using Reeve.Tests.Scenarios.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>The built command where something around it is wrong: one sentence, its own exit code, nothing lost.</summary>
public sealed class BadWorldTests
{
    private static readonly string s_script = Of(Call("shell", new { command = "ls" }), Says("done"));

    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task An_unknown_key_of_the_configuration_is_refused_with_the_one_that_was_meant()
    {
        using var reeve = Ready(out var model);
        reeve.Environment["REEVE_CONFIG"] = Path.Combine(reeve.Root, "config.yaml");
        File.WriteAllText(reeve.Environment["REEVE_CONFIG"], "limits:\n  tunrs: 3\n");

        Refused(await reeve.RunAsync("do it", "--model", model), 2, "config.unknown_key", "Did you mean limits.turns?");
        Assert.False(Directory.Exists(reeve.Data));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/proc")]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_folder_of_the_system_is_no_workspace(string folder)
    {
        using var reeve = Ready(out var model);

        var ended = await reeve.RunAsync("do it", "-C", folder, "--model", model);

        Refused(ended, 2, "workspace.refused", "choose a folder of one project");
        Assert.Equal("[]", (await reeve.RunAsync("runs", "--all", "--json")).Output.Trim());
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_folder_that_cannot_be_read_is_refused()
    {
        using var reeve = Ready(out var model);
        var locked = Directory.CreateDirectory(Path.Combine(reeve.Root, "locked")).FullName;
        File.SetUnixFileMode(locked, UnixFileMode.None);
        string[] command = [CommandProcess.Program, "do it", "-C", locked, "--model", model];

        // Root reads everything, unless it gives up the right to.
        var ended = Environment.IsPrivilegedProcess
            ? await reeve.RunProgramAsync("setpriv", ["--bounding-set=-dac_override,-dac_read_search", "--", .. command])
            : await reeve.RunProgramAsync(command[0], command[1..]);

        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Refused(ended, 2, "workspace.unreadable", "change its permissions or name another");
    }

    [Theory]
    [InlineData("openai/any", "model.key_missing", "Set OPENAI_API_KEY")]
    [InlineData("anthropic/any", "model.key_missing", "Set ANTHROPIC_API_KEY")]
    [InlineData("nobody/any", "model.provider_unknown", "use openai")]
    [InlineData("openai-compatible/any", "model.endpoint_missing", "Set OPENAI_BASE_URL")]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_model_that_cannot_be_used_is_said_before_anything_is_recorded(
        string model, string code, string sentence)
    {
        using var reeve = Ready(out _);

        Refused(await reeve.RunAsync("do it", "--model", model), 2, code, sentence);
        Assert.Equal("[]", (await reeve.RunAsync("runs", "--json")).Output.Trim());
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_script_that_is_not_there_is_bad_input()
    {
        using var reeve = Ready(out _);

        Refused(await reeve.RunAsync("do it", "--model", "scripted//nowhere.json"), 2, "file.not_found", "check its path");
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_dead_endpoint_ends_the_run_with_its_reason()
    {
        using var reeve = Ready(out _);
        reeve.Environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1";

        var ended = await reeve.RunAsync("do it", "--model", "openai/any");

        Assert.Equal(11, ended.ExitCode);
        Assert.Contains("failed (model.unreachable)", ended.Error, StringComparison.Ordinal);
        Assert.False(ended.HasTrace);
        Assert.Equal(0, (await reeve.RunAsync("journal", "verify")).ExitCode);
    }

    /// <summary>A mount namespace of its own hides bubblewrap; making one takes root, or it fails.</summary>
    [Fact]
    [Trait("Req", "CLI-2")]
    [Trait("Req", "QUAL-1")]
    public async Task Without_a_sandbox_no_command_runs_and_the_remedy_is_named()
    {
        using var reeve = Ready(out var model);
        reeve.Write("here", "");

        var ended = await InMountsOfItsOwnAsync(
            reeve, $"mount --bind /dev/null $(command -v bwrap) && exec {CommandProcess.Program} run 'do it' --model {model} --accept true");

        Assert.Equal(10, ended.ExitCode);
        Assert.Contains("sandbox.unavailable: No sandbox:", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Remedy: ", ended.Error, StringComparison.Ordinal);
        Assert.False(ended.HasTrace);

        // Where the sandbox is to be had again, the same folder is worked on as ever.
        Assert.Equal(0, (await reeve.RunAsync("do it", "--model", model, "--accept", "test -e here")).ExitCode);
    }

    [Fact]
    [Trait("Req", "STORE-2")]
    [Trait("Req", "QUAL-1")]
    public async Task A_full_disk_is_said_and_what_was_recorded_stays()
    {
        using var reeve = Ready(out var model);
        var disk = Directory.CreateDirectory(Path.Combine(reeve.Root, "disk")).FullName;
        reeve.Environment["REEVE_HOME"] = $"{disk}/data";
        var program = CommandProcess.Program;

        var ended = await InMountsOfItsOwnAsync(reeve, $"""
            mount -t tmpfs -o size=8m tmpfs {disk}
            {program} run 'the first' --model {model} || exit 101
            dd if=/dev/zero of={disk}/filler bs=1k count=9000 2>/dev/null
            {program} run 'the second' --model {model}; echo "full: $?"
            {program} runs
            {program} journal verify || exit 102
            rm {disk}/filler
            {program} run 'the third' --model {model} || exit 103
            """);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("full: 12", ended.Output, StringComparison.Ordinal);
        Assert.Contains("reeve: store.full: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("the first", ended.Output, StringComparison.Ordinal);
        Assert.False(ended.HasTrace);
    }

    private static CommandProcess Ready(out string model)
    {
        var reeve = new CommandProcess();
        var script = Path.Combine(reeve.Root, "script.json");
        File.WriteAllText(script, s_script);
        model = $"scripted/{script}";
        return reeve;
    }

    private static void Refused(CommandProcess.Ended ended, int exitCode, string code, string sentence)
    {
        Assert.Equal(exitCode, ended.ExitCode);
        Assert.StartsWith($"reeve: {code}: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Assert.Equal(1, ended.Error.Count(letter => letter == '\n'));
        Assert.Empty(ended.Output);
    }

    private static Task<CommandProcess.Ended> InMountsOfItsOwnAsync(CommandProcess reeve, string lines) =>
        reeve.RunProgramAsync("unshare", "--mount", "--propagation", "private", "bash", "-c", lines);
}
