using Reeve.Cli.Commands;
using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Questions, lists of work and commands of the machine through the built command and its
/// configuration.</summary>
public sealed class ToolProcessTests
{
    private const string Waits = "approvals:\n  waitSeconds: 0\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task Another_process_answers_in_words_and_the_agent_gets_them()
    {
        using var table = new ReeveTable(
            Waits,
            Call("todo", new { items = new[] { new { text = "ask first", status = "doing" } } }),
            Call("ask_user", new { question = "Which colour?" }),
            Finishes());

        var waiting = await table.RunAsync(Stop, "run", "Paint.");
        var shown = await table.RunAsync(Stop, "show");
        var wrong = await table.RunAsync(Stop, "answer", "last", " ");
        var tooLong = await table.RunAsync(
            Stop, "answer", "last", new string('x', AnswerCommand.AnswerLengthMax + 1));
        var answered = await table.RunAsync(Stop, "answer", "last", "blue, as the sky");
        var again = await table.RunAsync(Stop, "resume");
        var journal = await table.RunAsync(Stop, "show", "--journal");
        var late = await table.RunAsync(Stop, "answer", "last", "red");

        Assert.Equal((6, 2, 0, 0), (waiting.ExitCode, wrong.ExitCode, answered.ExitCode, again.ExitCode));
        Assert.Equal(2, tooLong.ExitCode);
        Assert.Contains($"{AnswerCommand.AnswerLengthMax}", tooLong.Error, StringComparison.Ordinal);
        Assert.Contains("[>] ask first", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Which colour?", shown.Output, StringComparison.Ordinal);
        Assert.Contains("reeve answer", shown.Output, StringComparison.Ordinal);
        Assert.Contains("The person answered: blue, as the sky", journal.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, late.ExitCode);
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task Words_approve_nothing_but_a_question()
    {
        using var table = new ReeveTable(
            Waits + "permissions:\n  rules:\n    ask: [\"Write(a.txt)\"]\n",
            Call("write", new { path = "a.txt", content = "x" }), Finishes());

        await table.RunAsync(Stop, "run", "Write.");
        var answered = await table.RunAsync(Stop, "answer", "last", "yes, do it");
        var resumed = await table.RunAsync(Stop, "resume");

        Assert.NotEqual(0, answered.ExitCode);
        Assert.Contains("question.not_found", answered.Error, StringComparison.Ordinal);
        Assert.Equal(6, resumed.ExitCode);
    }

    [Fact]
    [Trait("Req", "EXEC-10")]
    public async Task The_configuration_says_which_commands_of_the_machine_there_are()
    {
        const string Forms = Waits + "hostBridge:\n  commands:\n    - /usr/bin/touch {path}\n";
        using var table = new ReeveTable(
            Forms,
            Call("host_command", new { program = "touch", words = new[] { "made-on-the-machine" } }),
            Finishes());
        var made = Path.Join(table.Workspace, "made-on-the-machine");

        var waiting = await table.RunAsync(Stop, "run", "Touch.");
        Assert.Equal((6, false), (waiting.ExitCode, File.Exists(made)));
        Assert.Equal(0, (await table.RunAsync(Stop, "approve")).ExitCode);
        Assert.Equal(0, (await table.RunAsync(Stop, "resume")).ExitCode);
        Assert.True(File.Exists(made));

        table.Configure("hostBridge:\n  commands:\n    - /usr/bin/git -c {text}\n");
        var refused = await table.RunAsync(Stop, "run", "Touch.");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("hostBridge.commands", refused.Error, StringComparison.Ordinal);
    }
}
