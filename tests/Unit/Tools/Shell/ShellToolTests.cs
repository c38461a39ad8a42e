using Reeve.Authority.Mandates;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Shell;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Shell;

public sealed class ShellToolTests
{
    [Fact]
    public async Task Runs_the_line_as_one_argument_of_a_shell()
    {
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(0, "hello\n"));

        var output = await RunAsync(programs, new { command = "echo 'a b'", timeoutSeconds = 5, directory = "src" });

        var ran = Assert.Single(programs.Ran);
        Assert.Equal(["/bin/bash", "-c", "echo 'a b'"], ran.Arguments);
        Assert.Equal((TimeSpan.FromSeconds(5), "src"), (ran.TimeLimit, ran.Directory));
        Assert.Equal("exit code 0 after 1.3 s\n--- stdout\nhello\n", output.Text);
        Assert.Equal(new Receipt("echo 'a b'", 0, IsCheck: false), output.Receipt);
        Assert.Equal(ScriptedPrograms.Label, output.Label);
        Assert.False(output.IsError);
        Assert.True(output.ChangedView);
    }

    [Fact]
    public async Task Takes_the_plain_shell_where_there_is_no_bash()
    {
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(0)) { HasBash = false };

        var output = await RunAsync(programs, new { command = "true" });

        Assert.Equal(["/bin/bash", "/bin/sh"], programs.Ran.Select(command => command.Arguments[0]));
        Assert.Equal("exit code 0 after 1.3 s\n[no output]\n", output.Text);
    }

    [Fact]
    public async Task Says_how_a_command_failed()
    {
        var failed = await RunAsync(new(ScriptedPrograms.Ended(2, errorOutput: "bad")), new { command = "pytest" });
        var killed = await RunAsync(new(ScriptedPrograms.Ended(null)), new { command = "pytest" });
        var limited = await RunAsync(
            new(ScriptedPrograms.Ended(null, limit: CommandLimit.Memory)), new { command = "pytest" });

        Assert.Equal("exit code 2 after 1.3 s\n--- stderr\nbad\n", failed.Text);
        Assert.Equal(new Receipt("pytest", 2, IsCheck: true), failed.Receipt);
        Assert.StartsWith("killed by SIGKILL after", killed.Text, StringComparison.Ordinal);
        Assert.Equal(new Receipt("pytest", ShellTool.ExitCodeOfKilled, IsCheck: true), killed.Receipt);
        Assert.StartsWith("ended by its limit: memory after", limited.Text, StringComparison.Ordinal);
        Assert.True(failed.IsError && killed.IsError && limited.IsError);
    }

    [Fact]
    public async Task Keeps_head_and_tail_of_long_output_and_says_what_is_gone()
    {
        var text = "first\n" + new string('x', CommandReport.HeadBytesMax + CommandReport.TailBytesMax) + "\nlast\n";

        var output = await RunAsync(new(ScriptedPrograms.Ended(0, text)), new { command = "true" });

        Assert.Contains(
            "--- stdout (truncated: 12 of 131084 bytes left out)\nfirst\n", output.Text, StringComparison.Ordinal);
        Assert.Contains("[… 12 bytes left out …]\n", output.Text, StringComparison.Ordinal);
        Assert.EndsWith("\nlast\n", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_was_lost_before_it_got_the_output()
    {
        var lost = new OutputText("head\n"u8.ToArray(), "tail\n"u8.ToArray(), 1_000);
        var result = ScriptedPrograms.Ended(0) with { Output = lost, ChangedFiles = false };

        var output = await RunAsync(new(result), new { command = "true" });

        Assert.Equal(
            "exit code 0 after 1.3 s\n--- stdout (truncated: 990 of 1000 bytes left out)\n"
                + "head\n[… 990 bytes left out …]\ntail\n",
            output.Text);
        Assert.False(output.ChangedView);
    }

    [Fact]
    public async Task Shows_no_escape_sequence()
    {
        var text = "\u001B[31mred\u001B[0m \u001B]0;title\a\u001B]8;;http://x\u001B\\link\r\nbell\a\rnext\u001B[";

        var output = await RunAsync(new(ScriptedPrograms.Ended(0, text)), new { command = "true" });

        Assert.Equal("exit code 0 after 1.3 s\n--- stdout\nred link\nbell\nnext\n", output.Text);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(" \n", 0)]
    [InlineData("a\0b", 0)]
    [InlineData("true", -1)]
    [InlineData("true", ShellTool.TimeoutSecondsMax + 1)]
    public async Task Refuses_what_it_cannot_run(string command, int timeoutSeconds)
    {
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(0));

        var problem = await new ShellTool().RefusedAsync(
            new { command, timeoutSeconds }, new ToolContext((IGrant)programs));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Empty(programs.Ran);
    }

    [Theory]
    [InlineData("pytest")]
    [InlineData("cd app && python3 -m pytest -q tests/")]
    [InlineData("CI=1 npm test -- --silent")]
    [InlineData("python3.11 -m unittest discover -v 2>&1")]
    [InlineData("timeout 60 cargo test > log.txt")]
    [InlineData("uv run pytest && echo done")]
    [InlineData("node --test")]
    [InlineData("./node_modules/.bin/eslint .")]
    [InlineData("npx tsc --noEmit")]
    [InlineData("make -j4 check")]
    [InlineData("dotnet test -c Release")]
    [InlineData("./gradlew test")]
    public void Knows_a_check(string command) => Assert.True(CheckCommands.IsCheck(command));

    [Theory]
    [InlineData("pytest || true")]
    [InlineData("pytest; true")]
    [InlineData("pytest | tail -5")]
    [InlineData("pytest &")]
    [InlineData("! pytest")]
    [InlineData("exit 0 && pytest")]
    [InlineData("trap 'exit 0' EXIT && pytest")]
    [InlineData("pytest() { true; } && pytest")]
    [InlineData("echo pytest")]
    [InlineData("echo $(pytest)")]
    [InlineData("true `pytest`")]
    [InlineData("pytest --collect-only")]
    [InlineData("pytest --version")]
    [InlineData("make -n test")]
    [InlineData("npm test --if-present")]
    [InlineData("npm install")]
    [InlineData("git commit -m 'pytest'")]
    [InlineData("(pytest) || true")]
    [InlineData("if pytest; then true; fi")]
    [InlineData("pytest &&")]
    [InlineData("")]
    public void Takes_nothing_for_a_check_whose_exit_code_says_something_else(string command) =>
        Assert.False(CheckCommands.IsCheck(command));

    private static Task<ToolOutput> RunAsync(ScriptedPrograms programs, object arguments) =>
        new ShellTool().InvokeAsync(arguments, new ToolContext((IGrant)programs));
}
