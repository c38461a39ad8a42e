using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>The doors an operator uses without a run, as processes.</summary>
public sealed class OperatorTests
{
    private static readonly Regex s_mark = new(@"\[redacted:[a-z-]+\]", RegexOptions.NonBacktracking);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "EXEC-1")]
    [Trait("Req", "CLI-2")]
    public async Task A_command_in_the_sandbox_gives_its_exit_code_and_nothing_reaches_the_folder()
    {
        using var table = new ReeveTable("");
        File.WriteAllText(Path.Join(table.Workspace, "kept.txt"), "kept\n");

        var ended = await table.RunAsync(
            Stop, "sandbox", "exec", "--", "/bin/sh", "-c", "cat kept.txt; echo x > new.txt; rm kept.txt; exit 7");
        var slow = await table.RunAsync(Stop, "sandbox", "exec", "--timeout", "1", "--", "/bin/sleep", "600.0601");

        Assert.Equal((7, "kept\n"), (ended.ExitCode, ended.Output));
        Assert.Equal(124, slow.ExitCode);
        Assert.Equal(["kept.txt"], Directory.GetFileSystemEntries(table.Workspace).Select(Path.GetFileName));
        Assert.Empty(ReeveTable.ProcessesWith("600.0601"));
    }

    [Fact]
    [Trait("Req", "EXEC-5")]
    public async Task A_command_in_the_sandbox_is_one_object_of_json()
    {
        using var table = new ReeveTable("view:\n  kind: copy\n");

        var ended = await table.RunAsync(
            Stop, "sandbox", "exec", "--json", "--", "/bin/sh", "-c", "echo out; echo err >&2; kill -9 $$");

        Assert.Equal(137, ended.ExitCode);
        Assert.Equal("out\n", ended.Json.GetProperty("stdout").GetString());
        Assert.Equal("err\n", ended.Json.GetProperty("stderr").GetString());
        Assert.Equal("SIGKILL", ended.Json.GetProperty("signal").GetString());
    }

    [Fact]
    [Trait("Req", "MODEL-3")]
    public async Task A_served_script_answers_a_run_over_http()
    {
        using var table = new ReeveTable(
            "", Call("write", new { path = "a.txt", content = "over http\n" }), Finishes("Served."));
        using var server = table.Start("model", "serve", table.Script, "--host", "127.0.0.1");
        var url = (await server.UntilAsync("listening on ", Stop))["listening on ".Length..].TrimEnd('/');

        foreach (var (variable, model) in new[]
            {
                ("OPENAI_BASE_URL", "openai-compatible/m"), ("ANTHROPIC_BASE_URL", "anthropic/m"),
            })
        {
            table.Set(variable, url);
            var run = await table.RunAsync(
                Stop, "run", "Write.", "--model", model, "--accept", "test -e a.txt", "--output-format", "json");
            Assert.Equal((0, "Served."), (run.ExitCode, run.Json.GetProperty("result").GetString()));
        }

        server.Signal("TERM");
        Assert.Equal("", (await server.EndAsync(Stop)).Error.Replace("reeve: interrupted: Stopped by a signal.\n", ""));
    }

    [Fact]
    [Trait("Req", "MODEL-1")]
    public async Task A_provider_of_ones_own_speaks_the_dialect_it_was_given()
    {
        using var table = new ReeveTable("", Says("From the house."));
        using var server = table.Start("model", "serve", table.Script);
        var url = (await server.UntilAsync("listening on ", Stop))["listening on ".Length..].TrimEnd('/');
        table.Configure($"models:\n  house:\n    baseUrl: {url}\n    dialect: anthropic\n");

        var run = await table.RunAsync(Stop, "run", "Say it.", "--model", "house/m", "--output-format", "json");

        Assert.Equal((0, "From the house."), (run.ExitCode, run.Json.GetProperty("result").GetString()));
    }

    [Fact]
    [Trait("Req", "SEC-2")]
    public async Task Secrets_are_taken_out_of_a_pipe_wherever_its_pieces_are_cut()
    {
        using var table = new ReeveTable("");
        var secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";
        var text = new StringBuilder();

        while (text.Length < 3 << 20)
        {
            text.Append("padding without a line end ").Append(secret).Append(' ');
        }

        var ended = await table.PipeAsync(Stop, text.ToString(), "redact");

        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain(secret, ended.Output, StringComparison.Ordinal);
        Assert.Equal(text.ToString(), s_mark.Replace(ended.Output, secret));
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task Addresses_are_judged_one_a_line()
    {
        using var table = new ReeveTable("");

        var ended = await table.PipeAsync(
            Stop, "http://127.0.0.1/\nhttp://2130706433/\n169.254.169.254\nhttps://1.1.1.1/\n",
            "net", "check", "--json", "-");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(
            [false, false, false, true],
            ended.Output.TrimEnd().Split('\n').Select(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("allowed").GetBoolean()));
    }

    [Fact]
    [Trait("Req", "EXEC-3")]
    public async Task The_doctor_attacks_the_sandbox_when_it_is_asked_to()
    {
        using var table = new ReeveTable("");

        var ended = await table.RunAsync(Stop, "doctor", "--deep", "--json");

        var findings = ended.Json.EnumerateArray().ToList();
        Assert.Contains(findings, finding => NameOf(finding).StartsWith("attack: ", StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.True(finding.GetProperty("ok").GetBoolean(), finding.GetRawText()));
    }

    private static string NameOf(JsonElement finding) => finding.GetProperty("name").GetString()!;
}
