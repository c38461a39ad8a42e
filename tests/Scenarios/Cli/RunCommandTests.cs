using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Screen;
using Reeve.Kernel.Models;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class RunCommandTests
{
    [Fact]
    [Trait("Req", "CLI-2")]
    public async Task The_result_is_on_standard_output_and_progress_on_standard_error()
    {
        await using var reeve = Editing("Changed one to two.");
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("Change one to two.", "--accept", "grep -q two poem.txt");

        Assert.Equal(0, exitCode);
        Assert.Equal("Changed one to two.\n", session.Output);
        Assert.Contains("✓ edit", session.Error, StringComparison.Ordinal);
        Assert.Contains("verified: Reeve ran 1 check", session.Error, StringComparison.Ordinal);
        Assert.Contains("reeve apply", session.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', session.Error);
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    public async Task Json_is_exactly_one_object_with_proof_cost_and_changes()
    {
        await using var reeve = Editing("Done.");
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync(
            "run", "Change it.", "--output-format", "json", "--accept", "grep -q two poem.txt", "--apply", "verified");

        using var document = JsonDocument.Parse(session.Output);
        var run = document.RootElement;
        Assert.Equal(0, exitCode);
        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        Assert.Equal("verified", run.GetProperty("proof").GetProperty("level").GetString());
        Assert.Equal("passed", run.GetProperty("proof").GetProperty("criteria")[0].GetProperty("outcome").GetString());
        Assert.Equal("poem.txt", run.GetProperty("changes")[0].GetProperty("path").GetString());
        Assert.True(run.GetProperty("cost").GetProperty("input_tokens").GetInt64() > 0);
        Assert.True(run.GetProperty("applied").GetBoolean());
        Assert.Equal("two\n", reeve.Read("poem.txt"));
        Assert.Empty(session.Error);
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    public async Task Each_ending_has_its_own_exit_code()
    {
        Assert.Equal(7, await EndsAsync(Editing("Done."), "change it"));
        Assert.Equal(3, await EndsAsync(Editing("Done."), "change it", "--max-turns", "1"));
        Assert.Equal(7, await EndsAsync(Editing("Done."), "change it", "--accept", "false"));
        Assert.Equal(11, await EndsAsync(new ReeveHarness(new DeadModel()), "change it"));
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    public async Task A_stream_is_one_object_a_line_and_ends_with_the_result()
    {
        await using var reeve = Editing("Done.");
        var session = new CommandSession(reeve);

        await session.TypeAsync("run", "Change it.", "--output-format", "stream-json");

        var types = session.Output.TrimEnd().Split('\n').Select(TypeOf).ToList();
        Assert.Equal(("run.admitted", "result"), (types[0], types[^1]));
        Assert.Contains("tool.finished", types);
    }

    [Fact]
    [Trait("Req", "CLI-4")]
    public async Task Nothing_an_agent_or_a_file_says_commands_the_terminal()
    {
        const string Hostile = "\u001b]0;owned\u0007\u001b]52;c;aGk=\u0007\u009b2J\u202e\u200b\r";
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = Hostile + "\n" }),
            Call("shell", new { command = "printf '\\033[2J'; echo " + Hostile }),
            Call("edit", new { path = Hostile, oldText = Hostile, newText = Hostile }),
            Finishes(Hostile)));
        var session = new CommandSession(reeve)
        {
            Traits = new TerminalTraits(false, true, true, HasOutputColor: false, HasErrorColor: false, 80),
        };

        await session.TypeAsync(Hostile + "do it now");
        await session.TypeAsync("show");
        await session.TypeAsync("show", "--journal");
        await session.TypeAsync("show", "--journal", "--json");
        await session.TypeAsync("diff");
        await session.TypeAsync("runs");

        Assert.Contains("␛]0;owned", session.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(session.Output + session.Error, letter =>
            letter is not ('\n' or '\t') && (char.IsControl(letter) || letter is '\u202e' or '\u200b'));
    }

    [Fact]
    [Trait("Req", "CLI-2")]
    public async Task A_finished_run_is_shown_diffed_applied_taken_back_replayed_and_verified()
    {
        await using var reeve = Editing("Done.");
        await new CommandSession(reeve).TypeAsync("Change it.", "--accept", "true");
        var session = new CommandSession(reeve);

        Assert.Equal(0, await session.TypeAsync("runs"));
        Assert.Equal(0, await session.TypeAsync("show"));
        Assert.Equal(0, await session.TypeAsync("diff", "--stat"));
        Assert.Equal(0, await session.TypeAsync("diff"));
        Assert.Contains("+two", session.Output, StringComparison.Ordinal);
        Assert.Equal(0, await session.TypeAsync("apply"));
        Assert.Equal("two\n", reeve.Read("poem.txt"));
        Assert.Equal(0, await session.TypeAsync("undo"));
        Assert.Equal("one\n", reeve.Read("poem.txt"));
        Assert.Equal(0, await session.TypeAsync("replay"));
        Assert.Equal(0, await session.TypeAsync("journal", "verify"));
        Assert.Equal(0, await session.TypeAsync("discard"));
    }

    private sealed class DeadModel : IModel
    {
        public string Name => "test/dead";

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
            throw new ModelCallException(
                new Problem("model.authentication", "The key is not accepted."), wasSent: true);
    }

    private static async Task<int> EndsAsync(ReeveHarness reeve, params string[] arguments)
    {
        await using (reeve)
        {
            return await new CommandSession(reeve).TypeAsync(arguments);
        }
    }

    private static ReeveHarness Editing(string summary)
    {
        var reeve = new ReeveHarness(Of(
            Call("edit", new { path = "poem.txt", oldText = "one", newText = "two" }), Finishes(summary),
            Finishes(summary), Finishes(summary)));
        reeve.Write("poem.txt", "one\n");
        return reeve;
    }

    private static string TypeOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("type").GetString()!;
    }
}
