using System.Text.RegularExpressions;
using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>Whatever an agent, a file or a tool says is shown at the prompt and never obeyed.</summary>
public sealed class InertTests
{
    private static readonly Regex s_look = new("\u001b\\[[0-9;]*m", RegexOptions.NonBacktracking);

    private const string Hostile =
        "\u001b]52;c;ZXZpbA==\u0007 \u001b]0;title\u0007 \u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\ "
        + "\u001b[2J\u001b[5A\u001b[31;5mred \u009b1A \u202egnp.exe \u0008\u0008\rover \u200bhidden";

    [Fact]
    [Trait("Req", "CLI-4")]
    public async Task Speech_files_tools_and_diffs_command_no_terminal()
    {
        using var table = new ReeveTable(
            "",
            SaysAndCalls(
                $"# {Hostile}\n- {Hostile}\n```{Hostile}\n{Hostile}\n```\n| {Hostile} | `{Hostile}` |\n**{Hostile}**",
                ("write", new { path = "evil.txt", content = Hostile + "\n" }),
                ("shell", new { command = "cat evil.txt; sleep 0.3; cat evil.txt >&2; echo shown-at-last" })),
            Says("Ready. " + Hostile));
        await File.WriteAllTextAsync(
            Path.Join(table.Workspace, "evil-too.txt"), Hostile, TestContext.Current.CancellationToken);
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Enter("Be evil. @evil-too.txt");
        await reeve.SeesAsync("Ready. ", "/diff · /apply");
        await reeve.IdleAsync();
        reeve.Enter("/diff");
        await reeve.SeesAsync("+++ b/evil.txt");
        reeve.Enter("!cat evil-too.txt");
        await reeve.SeesAsync("the agent is told with your next prompt");
        await reeve.IdleAsync();
        reeve.Paste(Hostile);
        await reeve.SeesAsync("gnp.exe ␈␈");
        reeve.Type("\u0003\u0003");
        Assert.Equal(0, await reeve.EndAsync());

        // Everything the screen was sent is text, or one of the few sequences of our own.
        Assert.Empty(reeve.Strange);
        Assert.DoesNotContain("\u001b]", reeve.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[5A\u001b[31", reeve.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', reeve.Raw);
        Assert.DoesNotContain('\u0007', reeve.Raw);
        Assert.DoesNotContain('\u009b', reeve.Raw);
        Assert.Contains("␛]52;c;ZXZpbA==␇", reeve.Raw, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "CLI-4")]
    public void The_same_text_does_command_a_terminal_that_is_not_guarded()
    {
        // That the screen of these tests would tell.
        var screen = new Screen(80, 10);
        screen.Write(Hostile);

        Assert.NotEmpty(screen.Strange);
    }

    [Fact]
    [Trait("Req", "CLI-4")]
    public async Task Without_colours_nothing_but_the_cursor_is_moved()
    {
        using var table = new ReeveTable("", Says("# Title\n**bold** words"));
        table.Set("NO_COLOR", "1");
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Enter("Speak.");
        await reeve.SeesAsync("Title", "bold words", "answered");
        reeve.Enter("/quit");

        Assert.Equal(0, await reeve.EndAsync());
        Assert.DoesNotContain(s_look.Matches(reeve.Raw), look => look.Value != "\u001b[0m");
    }

    private static System.Text.Json.Nodes.JsonObject SaysAndCalls(
        string text, params (string Name, object Arguments)[] calls)
    {
        var turn = Calls(calls);
        turn["reply"]!["text"] = text;
        return turn;
    }
}
