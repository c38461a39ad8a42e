using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>Each slash command, typed into the real command, and what it does to the world.</summary>
public sealed class SlashTests
{
    private const string Asking = """
        permissions:
          rules:
            ask: ["Write(b.txt)"]
            deny: ["Bash(rm *)"]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Changes_are_shown_applied_and_taken_back()
    {
        using var table = new ReeveTable(
            "", Call("write", new { path = "a.txt", content = "one\ntwo\n" }), Says("Written."));
        var file = Path.Join(table.Workspace, "a.txt");
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        reeve.Enter("/diff");
        await reeve.SeesAsync("✗ session.empty");
        reeve.Type("\u0015");

        reeve.Enter("Write it.");
        await reeve.SeesAsync("Written.", "a.txt  +2 -0");
        await reeve.IdleAsync();
        Assert.False(File.Exists(file));
        reeve.Enter("/diff");
        await reeve.SeesAsync("+++ b/a.txt", "+two");
        reeve.Enter("/apply");
        await reeve.SeesAsync("✓ applied");
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(file, Stop));
        reeve.Enter("/undo");
        await reeve.SeesAsync("✓ taken back");
        Assert.False(File.Exists(file));
        await LeaveAsync(reeve);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Turns_follow_each_other_and_are_rewound_forked_exported_and_resumed()
    {
        using var table = new ReeveTable(
            "",
            Call("write", new { path = "a.txt", content = "first" }), Says("First turn."),
            Call("write", new { path = "b.txt", content = "second" }), Says("Second turn."),
            Says("Third turn."));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        await TurnAsync(reeve, "Begin.", "First turn.");
        await TurnAsync(reeve, "More.", "Second turn.");
        reeve.Enter("/diff --stat");
        await reeve.SeesAsync("added        a.txt", "added        b.txt");

        // Back to the end of the first turn: the second file is gone from the view, and from the conversation.
        reeve.Enter("/rewind");
        await reeve.SeesAsync("/rewind N goes back there");
        var point = reeve.Lines.Last(line => line.Contains("First turn.", StringComparison.Ordinal)
            && line.Contains("agent", StringComparison.Ordinal)).Trim().Split(' ')[0];
        reeve.Enter($"/rewind {point}");
        await reeve.SeesAsync("rewound to entry", "1 path of the view");
        await TurnAsync(reeve, "More again.", "Second turn.", times: 3);

        reeve.Enter("/fork Another way.");
        await reeve.SeesAsync("forked from", "Third turn.");
        await reeve.IdleAsync();
        reeve.Enter("/export talk.jsonl");
        await reeve.SeesAsync("✓ written to talk.jsonl");
        var exported = await File.ReadAllTextAsync(Path.Join(table.Workspace, "talk.jsonl"), Stop);
        Assert.Contains("Another way.", exported, StringComparison.Ordinal);
        reeve.Enter("/export talk.jsonl");
        await reeve.SeesAsync("✗ file.unavailable");
        reeve.Type("\u0015");

        reeve.Enter("/resume");
        await reeve.SeesAsync("/resume RUN takes one up");
        var first = reeve.Lines.Last(line => line.EndsWith(" Begin.", StringComparison.Ordinal)).Split(' ')[0];
        reeve.Enter($"/resume {first}");
        await reeve.SeesAsync("what you say next goes on from here");
        reeve.Enter("/diff --stat");
        await LeaveAsync(reeve);
        var sessions = await table.RunAsync(Stop, "sessions", "list", "--json");
        Assert.Equal(2, sessions.Json.GetArrayLength());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Settings_are_shown_and_changed_for_the_next_prompt()
    {
        using var table = new ReeveTable(Asking, Says("From the first."));
        var other = Path.Join(table.Workspace, "other.json");
        await File.WriteAllTextAsync(other, Of(Says("Nothing."), Says("From the other.")), Stop);
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Enter("/permissions");
        await reeve.SeesAsync("mode  auto", "ask    Write(b.txt)", "deny   Bash(rm *)", "hidden {.env");
        reeve.Enter("/mode nonsense");
        await reeve.SeesAsync("✗ config.invalid_value");
        reeve.Type("\u0015");
        reeve.Enter("/model nobody/x");
        await reeve.SeesAsync("✗ model.");
        reeve.Type("\u0015");
        await TurnAsync(reeve, "Hello.", "From the first.");
        reeve.Enter($"/model scripted/{other}");
        await reeve.SeesAsync($"model  scripted/{other}");
        reeve.Enter("/mode plan");
        await reeve.SeesAsync("mode  plan");
        await TurnAsync(reeve, "Hello again.", "From the other.");
        await LeaveAsync(reeve);
        var shown = await table.RunAsync(Stop, "show", "--json");
        Assert.Equal($"scripted/{other}", shown.Json.GetProperty("model").GetString());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task What_can_be_asked_is_answered_and_the_unknown_is_suggested()
    {
        using var table = new ReeveTable("", Says("Here."));
        using var reeve = table.Sit(columns: 120, rows: 60);
        await reeve.PromptsAsync("");

        reeve.Enter("/help");
        await reeve.SeesAsync("/model [PROVIDER/NAME]", "/quit", "@path", "Ctrl-C twice");
        reeve.Enter("/tools");
        await reeve.SeesAsync("shell ", "finish ");
        reeve.Enter("/context");
        await reeve.SeesAsync("The context is empty");
        await TurnAsync(reeve, "Hello.", "Here.");
        reeve.Enter("/cost");
        await reeve.SeesAsync("this run  $0.00", "session   $0.00");
        reeve.Enter("/context");
        await reeve.SeesAsync("tokens of 128k tokens", "goal ", "reply ");
        reeve.Enter("/doctor");
        await reeve.SeesAsync("✓ configuration", "data directory");
        reeve.Enter("/aply");
        await reeve.SeesAsync("✗ usage.unknown_command: There is no /aply. Did you mean /apply?");
        reeve.Type("\u0015");
        reeve.Enter("/compact");
        await reeve.SeesAsync("✗ context.nothing_to_compact");
        reeve.Type("\u0015");
        await LeaveAsync(reeve);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    [Trait("Req", "RUN-9")]
    public async Task The_next_turn_begins_with_a_summary_and_says_what_it_saved()
    {
        using var table = new ReeveTable(
            "", Call("read", new { path = "a.txt" }), Call("read", new { path = "a.txt" }), Says("First turn."));
        await File.WriteAllTextAsync(
            Path.Join(table.Workspace, "a.txt"), string.Concat(Enumerable.Repeat("Old words. ", 200)), Stop);
        using var reeve = table.Sit(columns: 120, rows: 60);
        await reeve.PromptsAsync("");
        await TurnAsync(reeve, "Begin.", "First turn.");

        await File.WriteAllTextAsync(
            table.Script, Of(Says("-"), Says("Second turn."), Says("What mattered.")), Stop);
        reeve.Enter("/compact");
        await reeve.SeesAsync("The next prompt begins with a summary");
        await TurnAsync(reeve, "Go on.", "Second turn.");
        await reeve.SeesAsync("4 parts replaced by a summary", "became");
        reeve.Enter("/context");
        await reeve.SeesAsync("summary ");
        await LeaveAsync(reeve);
        Assert.Equal(0, (await table.RunAsync(Stop, "replay")).ExitCode);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_question_is_asked_at_the_prompt_and_what_was_typed_comes_back()
    {
        using var table = new ReeveTable(
            Asking, EndingTests.Slow(Call("write", new { path = "b.txt", content = "x" }), 1_500), Says("Written."));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Enter("Write it.");
        reeve.Type("and then");
        await reeve.SeesAsync("? The agent asks to use write", "allow this");

        reeve.Enter("y");
        await reeve.SeesAsync("✓ write  b.txt", "Written.");
        await reeve.PromptsAsync("and then");
        reeve.Type("\u0015");
        await reeve.IdleAsync();
        await LeaveAsync(reeve);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_question_that_was_left_open_is_asked_again_when_the_run_is_taken_up()
    {
        using var table = new ReeveTable(
            Asking, Call("write", new { path = "b.txt", content = "x" }), Says("Written."));

        using (var left = table.Sit())
        {
            await left.PromptsAsync("");
            left.Enter("Write it.");
            await left.SeesAsync("allow this");
            left.Signal("TERM");
            Assert.Equal(0, await left.EndAsync());
        }

        using var reeve = table.Sit();
        await reeve.PromptsAsync("");
        reeve.Enter("/resume last");
        await reeve.SeesAsync("? The agent asks to use write", "allow this");
        reeve.Enter("y");
        await reeve.SeesAsync("✓ write  b.txt", "Written.");
        await reeve.IdleAsync();
        await LeaveAsync(reeve);
    }

    internal static async Task TurnAsync(Pty reeve, string prompt, string answer, int times = 1)
    {
        reeve.Enter(prompt);
        await reeve.UntilAsync(() => Count(reeve.Text, answer) > times - 1, answer);
        await reeve.IdleAsync();
    }

    internal static async Task LeaveAsync(Pty reeve)
    {
        reeve.Enter("/quit");
        Assert.Equal(0, await reeve.EndAsync());
        Assert.Equal(reeve.ModesBefore, reeve.Modes());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
