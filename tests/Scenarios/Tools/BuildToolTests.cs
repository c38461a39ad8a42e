using System.Text.Json;
using Reeve.Authority.Policy;
using Reeve.Doors.Processes;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Building and testing as tools, with the programs of this machine and projects that are right and
/// wrong.</summary>
[Trait("Req", "EXEC-9")]
public sealed class BuildToolTests
{
    private const string TestsOfPython = """
        import unittest
        class SumTests(unittest.TestCase):
            def test_good(self): self.assertEqual(2, 1 + 1)
            def test_bad(self):
                self.assertEqual(3, 1 + 1)
            @unittest.skip("later")
            def test_later(self): pass
        """;

    // A file of this name is what python finds first, so that the runner of the base library is taken everywhere.
    private const string NoPytest = "raise ImportError()\n";

    [Fact]
    public async Task Python_tests_are_counted_and_a_failure_has_its_file_and_line()
    {
        await using var reeve = Project(("test_sum.py", TestsOfPython), ("pytest.py", NoPytest));

        var answer = await reeve.CallOnceAsync("test", """{"stack":"python"}""");

        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        Assert.Equal("failed unittest 1 1 1", Line(answer));
        var failure = Assert.Single(answer.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(("test_sum.py", 5), (Text(failure, "file"), failure.GetProperty("line").GetInt32()));
        Assert.Equal("test_sum.SumTests.test_bad", Text(failure, "name"));
        Assert.Contains("3 != 2", Text(failure, "message"), StringComparison.Ordinal);
        Assert.Equal(new CheckReceipt(1, IsCheck: true), answer.Receipt);
    }

    [Fact]
    public async Task Node_tests_are_counted_and_a_failure_has_its_file_and_line()
    {
        await using var reeve = Project(
            ("package.json", """{ "name": "app", "scripts": { "test": "node --test" } }"""),
            ("sum.test.js", """
                const { test } = require('node:test');
                const assert = require('node:assert');
                test('good', () => {});
                test('bad', () => {
                  assert.strictEqual(1 + 1, 3);
                });
                test('later', { skip: true }, () => {});
                """));

        var answer = await reeve.CallOnceAsync("test", "{}");

        Assert.Equal("failed junit 1 1 1", Line(answer));
        var failure = Assert.Single(answer.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(("sum.test.js", 5), (Text(failure, "file"), failure.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_dotnet_build_that_does_not_compile_names_the_line()
    {
        await using var reeve = Project(
            ("app/app.csproj", """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                </Project>
                """),
            ("app/Program.cs", "#warning to be seen\nint a = 1;\nint b = \"text\";\n"));
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        };
        reeve.Change = options => options with
        {
            ProfileOf = workspace => SandboxProfile.Default with
            {
                Toolchains = [.. Doors.Processes.Toolchains.Detect(workspace, variables)],
            },
        };

        var answer = await reeve.CallOnceAsync("build", """{"directory":"app"}""");

        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        Assert.Equal("dotnet", Text(answer.Json, "stack"));
        var error = Assert.Single(answer.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal("CS0029", Text(error, "code"));
        Assert.EndsWith("Program.cs", Text(error, "file"), StringComparison.Ordinal);
        Assert.Equal(3, error.GetProperty("line").GetInt32());
        Assert.Contains(
            answer.Json.GetProperty("warnings").EnumerateArray(), warning => Text(warning, "code") == "CS1030");
    }

    [Fact]
    public async Task A_make_build_names_what_the_compiler_objects_to()
    {
        await using var reeve = Project(
            ("Makefile", "all: a\na: a.c\n\tcc -Wall -o a a.c\n"),
            ("a.c", "int main(void) {\n  int unused;\n  return missing;\n}\n"));

        var answer = await reeve.CallOnceAsync("build", "{}");

        Assert.Equal("make", Text(answer.Json, "stack"));
        var error = Assert.Single(answer.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(("a.c", 3), (Text(error, "file"), error.GetProperty("line").GetInt32()));
        Assert.Equal(2, answer.Json.GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("build")]
    public async Task Python_that_is_no_python_is_found_without_running_it(string tool)
    {
        await using var reeve = Project(
            ("good.py", "open('/workspace/owned', 'w')\n"), ("bad.py", "x = 1\ndef broken(:\n"),
            ("ruff", "#!/bin/sh\n"), ("pyflakes.py", NoPytest));

        var answer = await reeve.CallOnceAsync(tool, """{"stack":"python"}""");

        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        var error = Assert.Single(answer.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(("bad.py", 2), (Text(error, "file"), error.GetProperty("line").GetInt32()));
    }

    /// <summary>What a tool prints is no evidence; how it ends is.</summary>
    [Theory]
    [InlineData("test:\n\t@echo 'test result: ok. 3 passed; 0 failed'; echo 'test a ... ok'; exit 3\n", "failed")]
    [InlineData("test:\n\t@echo 1..2; echo 'ok 1 - a'; echo 'not ok 2 - b'\n", "failed")]
    [InlineData("test:\n\t@echo all tests passed\n", "passed")]
    [InlineData("test:\n\t@echo 'TAP version 13'; echo 'ok 1 - a'\n", "passed")]
    [InlineData("test:\n\t@kill -9 $$$$\n", "failed")]
    public async Task Only_the_end_of_a_run_and_its_report_make_it_a_success(string makefile, string status)
    {
        await using var reeve = Project(("Makefile", makefile));

        var answer = await reeve.CallOnceAsync("test", "{}");

        Assert.Equal(status, Text(answer.Json, "status"));
        Assert.Equal(status == "passed" ? ToolOutcome.Done : ToolOutcome.Failed, answer.Outcome);
        Assert.Equal(status == "passed", answer.Receipt!.ExitCode == 0);

        if (makefile.Contains("all tests passed", StringComparison.Ordinal))
        {
            Assert.Equal("unparsed", Text(answer.Json, "format"));
        }
    }

    [Fact]
    public async Task A_run_without_a_test_has_not_passed()
    {
        await using var reeve = Project(("test_none.py", "x = 1\n"), ("pytest.py", NoPytest));

        var answer = await reeve.CallOnceAsync("test", """{"stack":"python"}""");

        Assert.Equal("no_tests", Text(answer.Json, "status"));
        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        Assert.False(answer.Receipt!.IsCheck);
    }

    [Theory]
    [InlineData("1 + 1", ProofLevel.SelfChecked)]
    [InlineData("1 + 2", ProofLevel.None)]
    [Trait("Req", "RUN-6")]
    public async Task Tests_that_passed_after_the_last_change_are_evidence(string sum, ProofLevel proof)
    {
        var tests = TestsOfPython.Replace("3, 1 + 1", "2, " + sum, StringComparison.Ordinal);
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "test_sum.py", content = tests }),
            Call("test", new { stack = "python" }),
            Finishes()));
        reeve.Write("pytest.py", NoPytest);

        Assert.Equal(proof, (await reeve.RunAsync()).Proof);
    }

    [Fact]
    public async Task A_filter_chooses_tests_by_name()
    {
        await using var reeve = Project(("test_sum.py", TestsOfPython), ("pytest.py", NoPytest));

        var answer = await reeve.CallOnceAsync("test", """{"stack":"python","filter":"test_good"}""");

        Assert.Equal("passed unittest 1 0 0", Line(answer));
    }

    [Fact]
    public async Task Formatting_changes_the_view_and_a_check_does_not()
    {
        const string Makefile = "format:\n\techo tidy > a.txt\n"
            + "format-check:\n\t@echo 'a.txt:1: error: not formatted'; exit 1\n";
        await using var reeve = new ReeveHarness(Of(
            Call("format", new { check = true }),
            Call("format", new { }),
            Call("read", new { path = "a.txt" }),
            Finishes()));
        reeve.Write("Makefile", Makefile);
        reeve.Write("a.txt", "untidy\n");

        var report = await reeve.RunAsync();
        var answers = await reeve.AnswersAsync(report.Run);

        Assert.Equal((ToolOutcome.Failed, ToolOutcome.Done), (answers[0].Outcome, answers[1].Outcome));
        Assert.Equal("not formatted", Text(answers[0].Json.GetProperty("failures")[0], "message"));
        Assert.Contains("tidy", answers[2].Text, StringComparison.Ordinal);
        Assert.Equal(["a.txt"], report.Changes.Select(change => change.Path));
        Assert.Equal("untidy\n", reeve.Read("a.txt"));
    }

    [Theory]
    [InlineData("build", """{"stack":"rake"}""", "argument.invalid")]
    [InlineData("build", """{"directory":"../.."}""", "path.outside_workspace")]
    [InlineData("test", """{"directory":"out"}""", "path.outside_workspace")]
    [InlineData("test", """{"directory":"/etc"}""", "path.outside_workspace")]
    [InlineData("test", """{"stack":"python","filter":"-p x"}""", "argument.invalid")]
    [InlineData("test", """{"stack":"python","filter":"$(touch owned)"}""", "argument.invalid")]
    [InlineData("test", """{"stack":"make","filter":"x"}""", "argument.invalid")]
    [InlineData("test", """{"timeoutSeconds":3601}""", "argument.invalid")]
    [InlineData("lint", """{"fix":true}""", "argument.invalid")]
    [InlineData("lint", "{}", "build.unknown_stack")]
    [InlineData("format", """{"check":"yes"}""", "argument.invalid")]
    [InlineData("format", """{"stack":"npm","check":true}""", "build.tool_missing")]
    public async Task What_cannot_be_run_is_refused_by_name(string tool, string arguments, string code)
    {
        await using var reeve = Project(("readme.md", "x\n"));
        Directory.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");

        var answer = await reeve.CallOnceAsync(tool, arguments);

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
    }

    /// <summary>A rule about a command holds for the tool that runs it, named or found.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"stack":"make"}""")]
    public async Task A_rule_that_denies_the_command_denies_the_tool(string arguments)
    {
        await using var reeve = Project(("Makefile", "test:\n\techo x > made.txt\n"));
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [RuleSyntax.Parse("Bash(make test:*)", Decision.Deny, RuleTier.User)],
        };

        Assert.Equal("gate.denied", (await reeve.CallOnceAsync("test", arguments)).Code);
    }

    private static string Line(ToolAnswer answer)
    {
        var counts = answer.Json.GetProperty("counts");
        var numbers = counts.ValueKind == JsonValueKind.Object
            ? $"{counts.GetProperty("passed")} {counts.GetProperty("failed")} {counts.GetProperty("skipped")}"
            : counts.ToString();

        return $"{Text(answer.Json, "status")} {Text(answer.Json, "format")} {numbers}";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static ReeveHarness Project(params (string Path, string Text)[] files)
    {
        var reeve = new ReeveHarness(Of(Finishes()));

        foreach (var (path, text) in files)
        {
            reeve.Write(path, text);
        }

        return reeve;
    }
}
