using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Builds;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Builds;

/// <summary>Reports of tests that pass, fail and are left out, and of findings, in each format that is read.</summary>
/// <remarks>
/// Those of go, pytest and cargo were written by these programs and then shortened. TRX, jest and those of the linters
/// were written by hand after the formats: that the programs write them so is not proven here.
/// </remarks>
public sealed class ReportFormatTests
{
    private const string Go = """
        {"Action":"run","Package":"example.org/app","Test":"TestGood"}
        {"Action":"output","Package":"example.org/app","Test":"TestGood","Output":"--- PASS: TestGood (0.00s)\n"}
        {"Action":"pass","Package":"example.org/app","Test":"TestGood","Elapsed":0}
        {"Action":"output","Package":"example.org/app","Test":"TestBad","Output":"=== RUN   TestBad\n"}
        {"Action":"output","Package":"example.org/app","Test":"TestBad","Output":"    a_test.go:5: wanted 3\n"}
        {"Action":"fail","Package":"example.org/app","Test":"TestBad","Elapsed":0}
        {"Action":"output","Package":"example.org/app","Test":"TestLater","Output":"    a_test.go:7: later\n"}
        {"Action":"skip","Package":"example.org/app","Test":"TestLater","Elapsed":0}
        {"Action":"output","Package":"example.org/app","Output":"FAIL\texample.org/app\t0.002s\n"}
        {"Action":"fail","Package":"example.org/app","Elapsed":0.002}
        """;

    private const string Pytest = """
        <?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0" failures="1" tests="3">
        <testcase classname="test_a" name="test_good" file="test_a.py" line="1" time="0.000" />
        <testcase classname="test_a" name="test_bad" file="test_a.py" line="2" time="0.000"><failure
        message="assert (1 + 1) == 3">def test_bad():
        &gt;       assert 1 + 1 == 3
        E       assert (1 + 1) == 3

        test_a.py:4: AssertionError</failure></testcase>
        <testcase classname="test_a" name="test_later" file="test_a.py" line="4" time="0.000"><skipped
        type="pytest.skip" message="unconditional skip">test_a.py:5: unconditional skip</skipped></testcase>
        </testsuite></testsuites>
        """;

    private const string Cargo = """

        running 3 tests
        test tests::good ... ok
        test tests::later ... ignored
        test tests::bad ... FAILED

        failures:

        ---- tests::bad stdout ----

        thread 'tests::bad' (32531) panicked at src/lib.rs:5:24:
        assertion `left == right` failed
          left: 2
         right: 3

        test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s

        running 0 tests

        test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
        """;

    private const string Trx = """
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
        <UnitTestResult testName="App.Tests.Good" outcome="Passed" />
        <UnitTestResult testName="App.Tests.Later" outcome="NotExecuted" />
        <UnitTestResult testName="App.Tests.Bad" outcome="Failed"><Output><ErrorInfo>
        <Message>Assert.Equal() Failure: Values differ</Message>
        <StackTrace>   at App.Tests.Bad() in /workspace/tests/Tests.cs:line 12</StackTrace>
        </ErrorInfo></Output></UnitTestResult></Results></TestRun>
        """;

    private const string Jest = """
        {"numFailedTests":1,"testResults":[{"name":"/workspace/sum.test.js","status":"failed","assertionResults":[
        {"fullName":"good","status":"passed"},{"fullName":"later","status":"pending"},
        {"fullName":"bad","status":"failed","failureMessages":[
        "Error: no\n    at Object.<anonymous> (/workspace/sum.test.js:6:15)"]}]}]}
        """;

    private const string Eslint = """
        [{"filePath":"/workspace/a.js","messages":[
        {"ruleId":"no-undef","severity":2,"message":"m","line":3,"column":1}]}]
        """;

    private const string Ruff = """
        [{"filename":"/workspace/a.js","code":"F401","message":"m","location":{"row":3,"column":1}}]
        """;

    private const string Clippy = """
        {"reason":"compiler-message","message":{"level":"error","message":"m","code":{"code":"E0308"},"spans":[
        """ + """
        {"file_name":"a.js","line_start":3,"column_start":1,"is_primary":true}]}}
        """;

    private const string Entity = """
        <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites><testcase name="&x;"/></testsuites>
        """;

    [Theory]
    [InlineData("go", Go, "go-json", "a_test.go", 5)]
    [InlineData("python", Pytest, "junit", "test_a.py", 4)]
    [InlineData("cargo", Cargo, "libtest", "src/lib.rs", 5)]
    [InlineData("dotnet", Trx, "trx", "tests/Tests.cs", 12)]
    [InlineData("npm", Jest, "jest-json", "sum.test.js", 6)]
    public async Task Of_three_tests_one_passed_one_failed_and_one_was_left_out(
        string stack, string report, string format, string file, int line)
    {
        var (output, json) = await TestAsync(stack, 1, report);

        Assert.True(output.IsError);
        Assert.Equal("failed", Text(json, "status"));
        Assert.Equal(format, Text(json, "format"));
        Assert.Equal(
            """{"passed":1,"failed":1,"skipped":1,"errors":0,"warnings":0}""",
            json.GetProperty("counts").GetRawText());
        var failure = Assert.Single(json.GetProperty("failures").EnumerateArray());
        Assert.Equal((file, line), (Text(failure, "file"), failure.GetProperty("line").GetInt32()));
        Assert.NotEqual("", Text(failure, "message"));
        Assert.Contains("ad", Text(failure, "name"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("go", Go)]
    [InlineData("python", Pytest)]
    [InlineData("cargo", Cargo)]
    [InlineData("dotnet", Trx)]
    [InlineData("npm", Jest)]
    public async Task A_report_of_failures_is_no_success_whatever_the_exit_code(string stack, string report)
    {
        var (output, json) = await TestAsync(stack, 0, report);

        Assert.True(output.IsError);
        Assert.NotEqual(0, output.Receipt!.ExitCode);
        Assert.Equal("failed", Text(json, "status"));
    }

    [Theory]
    [InlineData("go", Go)]
    [InlineData("python", Pytest)]
    [InlineData("cargo", Cargo)]
    [InlineData("dotnet", Trx)]
    [InlineData("npm", Jest)]
    public async Task A_report_cut_anywhere_breaks_nothing_and_makes_no_success(string stack, string report)
    {
        for (var length = 0; length < report.Length; length += 7)
        {
            var (output, _) = await TestAsync(stack, 1, report[..length]);

            Assert.True(output.IsError);
        }
    }

    [Theory]
    [InlineData(Eslint, "no-undef")]
    [InlineData(Ruff, "F401")]
    [InlineData(Clippy, "E0308")]
    public async Task A_finding_of_a_linter_has_rule_file_and_line(string report, string code)
    {
        var json = Parse(await new LintTool().InvokeAsync(new { stack = "npm" }, Context(1, report)));

        var failure = Assert.Single(json.GetProperty("failures").EnumerateArray());
        Assert.Equal(("a.js", 3), (Text(failure, "file"), failure.GetProperty("line").GetInt32()));
        Assert.Equal(code, Text(failure, "code"));
    }

    [Theory]
    [InlineData(Entity)]
    [InlineData("{\"testResults\":[{\"assertionResults\":7}]}")]
    [InlineData("[[[[[[[[[[")]
    [InlineData("{\"Action\":\"fail\"}\n{{{\n")]
    public async Task A_report_that_is_none_breaks_nothing(string report)
    {
        var (output, json) = await TestAsync("python", 1, report);

        Assert.True(output.IsError);
        Assert.DoesNotContain("root:", json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_and_text_are_bounded_and_inert()
    {
        var lines = string.Concat(Enumerable.Range(1, BuildReport.FindingsMax + 1)
            .Select(line => $"a.c:{line}:1: error: \u001b[31m{new string('x', 3_000)}\n"));
        var programs = new ScriptedPrograms(ScriptedPrograms.Ended(1, "", lines));

        var output = await new BuildTool().InvokeAsync(
            new { stack = "make" }, new ToolContext(new MemoryFiles { ["Makefile"] = "" }, programs));

        Assert.Equal(BuildReport.FindingsMax, Parse(output).GetProperty("failures").GetArrayLength());
        Assert.True(Parse(output).GetProperty("truncated").GetBoolean());
        Assert.DoesNotContain("\\u001b", output.Text, StringComparison.OrdinalIgnoreCase);
        Assert.True(output.Text.Length < BuildReport.FindingsMax * 1_200);
    }

    private static async Task<(ToolOutput Output, JsonElement Json)> TestAsync(
        string stack, int exitCode, string report)
    {
        var output = await new TestTool().InvokeAsync(new { stack }, Context(exitCode, report));

        return (output, Parse(output));
    }

    private static ToolContext Context(int exitCode, string report)
    {
        IGrant programs = new ScriptedPrograms(ScriptedPrograms.Ended(exitCode, report));

        return new ToolContext(new MemoryFiles { ["a.txt"] = "" }, programs);
    }

    private static JsonElement Parse(ToolOutput output) => JsonElement.Parse(output.Text);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
