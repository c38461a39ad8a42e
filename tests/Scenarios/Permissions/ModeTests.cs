using Reeve.Doors.Processes;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>What each mode lets happen, what none does, and a run in which nothing happens at all.</summary>
public sealed class ModeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Modes => [.. SettingKeys.Modes];

    [Theory]
    [InlineData("plan", "deny", "deny")]
    [InlineData("manual", "ask", "ask")]
    [InlineData("acceptEdits", "allow", "ask")]
    [InlineData("auto", "allow", "allow")]
    [InlineData("dontAsk", "allow", "allow")]
    [InlineData("bypassPermissions", "allow", "allow")]
    [InlineData("daemon", "allow", "allow")]
    [Trait("Req", "GATE-9")]
    public async Task A_mode_says_what_is_asked(string mode, string write, string shell)
    {
        await using var reeve = InMode(mode,
            Call("read", new { path = "kept.txt" }), Call("write", new { path = "a.txt", content = "x" }),
            Call("shell", new { command = "touch b.txt" }), Finishes());

        var asked = await AnswerAllAsync(reeve);
        var report = await reeve.WithHostAsync(host => host.ReportAsync(asked.Run, Stop));
        var decisions = (await reeve.WithHostAsync(host => host.DecisionsAsync(asked.Run, Stop)))
            .ToLookup(decision => decision.Tool, decision => decision.Decision);

        Assert.Equal(("allow", write, shell),
            (decisions["read"].First(), decisions["write"].First(), decisions["shell"].First()));
        Assert.Equal(write != "deny", report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Equal(shell != "deny", report.Changes.Any(change => change.Path == "b.txt"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    [Trait("Req", "GATE-10")]
    public async Task What_is_protected_stays_so_in_every_mode_whatever_is_allowed(string mode)
    {
        await using var reeve = InMode(mode,
            Calls(
                ("write", new { path = ".git/hooks/pre-commit", content = "x" }),
                ("write", new { path = ".reeve/policy.yaml", content = "x" }),
                ("delete", new { path = ".reeve" })),
            Finishes());
        reeve.Write(".reeve/policy.yaml", "deny: []\n");
        AnswerTests.Configure(
            reeve, ("REEVE_PERMISSIONS__MODE", mode),
            ("REEVE_PERMISSIONS__RULES__ALLOW", "Write\nDelete\nBash\nwrite\ndelete"));
        new Hosting.Permissions.KeptRules(reeve.Data).Keep(
            ["Edit(**)", "Delete(**)", "write", "delete"], null, "local-user", DateTimeOffset.UnixEpoch);

        var report = await reeve.RunAsync();
        var decisions = await reeve.WithHostAsync(host => host.DecisionsAsync(report.Run, Stop));

        Assert.Empty(report.Changes);
        Assert.Equal(3, decisions.Count(decision => decision.Decision == "deny"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    [Trait("Req", "GATE-10")]
    public async Task No_mode_lets_a_command_force_a_push_or_touch_what_is_Reeves_own(string mode)
    {
        using var table = new ReeveTable(
            $"permissions:\n  mode: {mode}\n  rules:\n"
            + "    allow: [\"Bash(git:*)\", \"Bash(rm:*)\", \"Bash(reeve:*)\", \"Bash\"]\n");
        string[] lines =
        [
            "git push --force origin feature", "git push origin +feature", "git branch -D main",
            "git push origin --delete main", "rm -rf .git", "reeve approve last", "rm .reeve/policy.yaml",
            "env git push -f", "git push --force-with-lease",
        ];

        foreach (var line in lines)
        {
            var ended = await table.RunAsync(Stop, "policy", "check", "--", line);
            Assert.True(ended.ExitCode == 5, $"{mode}: {line} ended with {ended.ExitCode}: {ended.Output}");
        }
    }

    [Theory]
    [InlineData("bypassPermissions", true, true)]
    [InlineData("bypassPermissions", false, false)]
    [InlineData("auto", false, true)]
    [Trait("Req", "GATE-9")]
    public async Task A_mode_that_asks_nothing_needs_a_sandbox_that_holds(string mode, bool isHeld, bool happens)
    {
        await using var reeve = InMode(mode, Call("write", new { path = "a.txt", content = "x" }), Finishes());
        var composed = reeve.Change;
        reeve.Change = options => composed(options) with
        {
            ProfileOf = _ => isHeld ? SandboxProfile.Default
                : SandboxProfile.Default with { BubblewrapPath = "/nonexistent/bwrap" },
        };

        var report = await reeve.RunAsync();

        Assert.Equal(happens, report.Changes.Count == 1);
        Assert.Equal(happens, report.Status != RunStatus.Failed);
        Assert.Equal(!happens, report.Reason == "sandbox.unavailable");
    }

    [Fact]
    [Trait("Req", "GATE-9")]
    public async Task In_a_dry_run_every_effect_is_decided_and_listed_and_none_happens()
    {
        using var table = new ReeveTable(
            "permissions:\n  rules:\n    ask: [\"Write(b.txt)\", \"Read(asked.txt)\"]\n    deny: [\"Write(c.txt)\"]\n",
            Call("read", new { path = "kept.txt" }),
            Calls(
                ("write", new { path = "a.txt", content = "x" }), ("write", new { path = "b.txt", content = "x" }),
                ("write", new { path = "c.txt", content = "x" }), ("delete", new { path = "kept.txt" }),
                ("shell", new { command = "touch d.txt" }), ("read", new { path = "asked.txt" }),
                ("propose_plan", new { purpose = "All", minutes = 5, files = new[] { "**" } })),
            Finishes());
        File.WriteAllText(Path.Join(table.Workspace, "kept.txt"), "kept");

        var ended = await table.RunAsync(
            Stop, "run", "Do it.", "--dry-run", "--output-format", "json", "--accept", "touch accepted", "--apply",
            "verified");
        var listed = ended.Json.GetProperty("dry_run").EnumerateArray().Select(decision =>
            $"{decision.GetProperty("tool").GetString()} {decision.GetProperty("verdict").GetString()}");
        var replayed = await table.RunAsync(Stop, "replay", "last");
        var told = await table.RunAsync(Stop, "run", "Do it.", "--dry-run");

        Assert.Equal(
            [
                "read allow", "write allow", "write ask", "write deny", "delete allow", "shell allow", "read ask",
                "propose_plan ask", "finish allow",
            ],
            listed);
        Assert.Equal(0, ended.Json.GetProperty("changes").GetArrayLength());
        Assert.Equal(["kept.txt"], Directory.EnumerateFileSystemEntries(table.Workspace).Select(Path.GetFileName));
        Assert.Equal(0, replayed.ExitCode);
        Assert.Contains("? ask    write", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public async Task Rules_of_the_command_line_hold_for_its_run()
    {
        using var table = new ReeveTable(
            "permissions:\n  mode: manual\n", Call("write", new { path = "a.txt", content = "x" }),
            Call("write", new { path = "b.txt", content = "x" }), Finishes());

        var ended = await table.RunAsync(
            Stop, "run", "Do it.", "--output-format", "json", "--permission-mode", "acceptEdits", "--allowedTools",
            "Write({a,b}.txt),WebFetch", "--disallowedTools", "Write(b.txt)");
        var invalid = await table.RunAsync(Stop, "run", "Do it.", "--allowedTools", "Write(");

        Assert.Equal(["a.txt"], ended.Json.GetProperty("changes").EnumerateArray()
            .Select(change => change.GetProperty("path").GetString()));
        Assert.Equal(2, invalid.ExitCode);
    }

    private static async Task<(Kernel.Journal.RunKey Run, int Questions)> AnswerAllAsync(ReeveHarness reeve)
    {
        var report = await reeve.RunAsync();
        var questions = 0;

        while (report.Status == RunStatus.Waiting)
        {
            questions += report.Approvals.Count;
            await reeve.AnswerAsync(report.Run, isApproved: true);
            report = await reeve.ContinueAsync(report.Run, Stop);
        }

        return (report.Run, questions);
    }

    private static ReeveHarness InMode(string mode, params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of(turns));
        reeve.Write("kept.txt", "kept");
        AnswerTests.Configure(reeve, ("REEVE_PERMISSIONS__MODE", mode));
        return reeve;
    }
}
