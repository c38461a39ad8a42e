using Reeve.Tests.Scenarios.Runs;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>The built command in a folder with the usual secret files, as it is shipped and as configured.</summary>
[Trait("Req", "GATE-5")]
[Trait("Req", "EXEC-1")]
public sealed class SecretFileTests
{
    private const string Canary = "canary-2b7c";

    [Theory]
    [InlineData(".env")]
    [InlineData("service/.env.production")]
    [InlineData(".ssh/config")]
    [InlineData("keys/id_ed25519")]
    public async Task A_secret_file_is_read_by_no_tool_and_no_command_unless_it_is_configured(string path)
    {
        using var reeve = new CommandProcess();
        reeve.Write(path, Canary);
        reeve.Write("open.env", "nothing secret");
        var script = Path.Combine(reeve.Root, "script.json");
        File.WriteAllText(script, Of(
            Call("read", new { path }), Call("shell", new { command = $"cat {path} open.env" }),
            Call("grep", new { pattern = "canary", path = "." }), Finishes()));
        string[] run = ["do it", "--model", $"scripted/{script}"];

        var shipped = await JournalAfterAsync(reeve, run);
        reeve.Environment["REEVE_PERMISSIONS__SECRET_FILES"] = "none";
        var configured = await JournalAfterAsync(reeve, run);

        Assert.DoesNotContain(Canary, shipped, StringComparison.Ordinal);
        Assert.Contains("nothing secret", shipped, StringComparison.Ordinal);
        Assert.Contains(Canary, configured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_of_the_operator_in_the_sandbox_sees_what_an_agent_would()
    {
        using var reeve = new CommandProcess();
        reeve.Write(".env", Canary);
        string[] exec = ["sandbox", "exec", "--", "cat", ".env"];

        var shipped = await reeve.RunAsync(exec);
        reeve.Environment["REEVE_PERMISSIONS__SECRET_FILES"] = "none";
        var configured = await reeve.RunAsync(exec);

        Assert.Equal((1, ""), (shipped.ExitCode, shipped.Output));
        Assert.Equal((0, Canary), (configured.ExitCode, configured.Output));
    }

    private static async Task<string> JournalAfterAsync(CommandProcess reeve, string[] run)
    {
        Assert.Equal(0, (await reeve.RunAsync(run)).ExitCode);
        return (await reeve.RunAsync("show", "--journal")).Output;
    }
}
