using System.Diagnostics;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Git as tools: what they say and do, looked at from outside with a real git.</summary>
[Trait("Req", "EXEC-9")]
public sealed class GitToolTests
{
    private const string NastyMessage = "--amend $(touch /workspace/owned) `id`\n\n-F /etc/passwd \"quoted\" 'and'";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_sees_commits_and_brings_its_commits_as_a_branch()
    {
        await using var reeve = Repository(
            Call("write", new { path = "a.txt", content = "one\ntwo\n" }),
            Call("write", new { path = "new file.txt", content = "new\n" }),
            Call("git_status", new { }),
            Call("git_diff", new { }),
            Call("git_branch", new { action = "create", name = "topic" }),
            Call("git_commit", new { message = NastyMessage, paths = new[] { "a.txt" } }),
            Call("git_log", new { count = 5, body = true }),
            Call("git_blame", new { path = "a.txt" }),
            Call("git_commit", new { message = "rest" }),
            Call("git_diff", new { from = "main", to = "HEAD" }),
            Call("git_status", new { path = "." }),
            Call("git_branch", new { }),
            Finishes());

        var report = await reeve.RunAsync();

        var answers = (await reeve.AnswersAsync(report.Run)).Skip(2).SkipLast(1).ToList();
        Assert.All(answers, answer => Assert.True(answer.Outcome == ToolOutcome.Done, $"{answer}"));
        Assert.Equal(
            ["a.txt modified", "new file.txt untracked"],
            answers[0].Json.GetProperty("files").EnumerateArray().Select(file =>
                $"{file.GetProperty("path").GetString()} {file.GetProperty("unstaged").GetString()}"));
        Assert.Equal("main", answers[0].Json.GetProperty("branch").GetString());
        var difference = answers[1].Json.GetProperty("files").EnumerateArray().Single();
        Assert.Equal(
            (1, 0), (difference.GetProperty("added").GetInt32(), difference.GetProperty("deleted").GetInt32()));
        Assert.Contains("\n+two\n", answers[1].Json.GetProperty("patch").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "a.txt", answers[3].Json.GetProperty("files").EnumerateArray().Single().GetProperty("path").GetString());
        var commits = answers[4].Json.GetProperty("commits").EnumerateArray().ToList();
        Assert.Equal(
            ["--amend $(touch /workspace/owned) `id`", "first"],
            commits.Select(commit => commit.GetProperty("subject").GetString()));
        Assert.Equal("Ada", commits[0].GetProperty("author").GetString());
        Assert.Equal(
            [commits[1].GetProperty("commit").GetString()![..12], commits[0].GetProperty("commit").GetString()![..12]],
            answers[5].Json.GetProperty("lines").EnumerateArray()
                .Select(line => line.GetProperty("commit").GetString()));
        Assert.Equal(2, answers[7].Json.GetProperty("files").GetArrayLength());
        Assert.Equal(0, answers[8].Json.GetProperty("files").GetArrayLength());
        Assert.Equal(2, answers[9].Json.GetProperty("branches").GetArrayLength());

        await using var host = await reeve.OpenAsync();
        var applied = await host.ApplyAsync(report.Run, includeIgnored: false, reviewedTree: null, Stop);
        Assert.True(applied.IsDone);
        var branch = Git(reeve, "branch", "--list", "--format=%(refname:short)", "reeve/*");
        Assert.Equal($"rest|{NastyMessage}|first", string.Join('|',
            Git(reeve, "log", "-z", "--format=%B", branch).TrimEnd('\0').Split('\0').Select(each => each.Trim())));
        Assert.Equal("main", Git(reeve, "branch", "--show-current"));
        Assert.False(File.Exists(Path.Join(reeve.Workspace, "owned")));
    }

    [Fact]
    public async Task A_checkpoint_brings_files_back_and_leaves_branch_and_ignored_files_alone()
    {
        await using var reeve = Repository(
            Call("shell", new { command = "echo keep > log.ignored; echo untracked > u.txt; echo x >> a.txt" }),
            Call("git_checkpoint", new { action = "create", name = "before", message = "safe" }),
            Call("shell", new { command = "rm a.txt; echo later > later.txt; echo more >> log.ignored; rm u.txt" }),
            Call("git_checkpoint", new { action = "restore", name = "before" }),
            Call("shell", new
            {
                command = "cat a.txt u.txt log.ignored; ls later.txt; git -c core.fsmonitor= log --oneline",
            }),
            Finishes());
        reeve.Write(".gitignore", "*.ignored\n");
        Git(reeve, "add", "-A");
        Git(reeve, "commit", "-q", "-m", "ignore");

        var answers = await reeve.AnswersAsync((await reeve.RunAsync()).Run);

        Assert.Equal("before", answers[1].Json.GetProperty("checkpoints")[0].GetProperty("name").GetString());
        Assert.Equal(ToolOutcome.Done, answers[3].Outcome);
        Assert.Contains("one\nx\nuntracked\nkeep\nmore\n", answers[4].Text, StringComparison.Ordinal);
        Assert.Contains("later.txt': No such file", answers[4].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("safe", answers[4].Text, StringComparison.Ordinal);
    }

    /// <summary>Every program that a repository can name, each leaving a file behind when it runs.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "EXEC-9")]
    public async Task Nothing_that_a_repository_configures_is_run(bool isPlain)
    {
        var calls = isPlain
            ? new[]
            {
                Call("shell", new
                {
                    command = "git status; git diff; git diff HEAD~1 --stat; git add -A; git commit -m y;"
                        + " git -c commit.gpgSign=false commit -m x",
                }),
                Call("shell", new { command = "git -c core.fsmonitor= log -p -1 a.txt; git blame a.txt" }),
                Call("shell", new
                {
                    command = "git switch -c other; git checkout HEAD~1 -- a.txt; git checkout -f main",
                }),
            }
            :
            [
                Call("git_status", new { }),
                Call("git_diff", new { }),
                Call("git_diff", new { from = "HEAD~1" }),
                Call("git_log", new { path = "a.txt" }),
                Call("git_blame", new { path = "a.txt" }),
                Call("git_checkpoint", new { action = "create", name = "c" }),
                Call("git_commit", new { message = "x" }),
                Call("git_branch", new { action = "create", name = "other", start = "HEAD~1" }),
                Call("git_branch", new { action = "switch", name = "main" }),
                Call("git_checkpoint", new { action = "restore", name = "c" }),
            ];
        await using var reeve = Repository(
            [.. calls, Call("shell", new { command = "echo; ls /workspace/marks" }), Finishes()]);
        reeve.Write("a.txt", "one\ntwo\n");
        Git(reeve, "add", "-A");
        Git(reeve, "commit", "-q", "-m", "second");
        reeve.Write("a.txt", "one\ntwo\nthree\n");
        Plant(reeve);

        var answers = await reeve.AnswersAsync((await reeve.RunAsync()).Run);

        string[] marks = ["fsmonitor", "clean", "textconv", "diff", "pre-commit", "commit-msg", "post-commit", "gpg"];
        var listed = answers[^2].Text;
        if (isPlain)
        {
            Assert.All(marks.Append("post-checkout").Append("smudge"), mark =>
                Assert.Contains($"\n{mark}\n", listed, StringComparison.Ordinal));
        }
        else
        {
            Assert.All(answers.SkipLast(2), answer => Assert.True(answer.Outcome == ToolOutcome.Done, $"{answer}"));
            Assert.DoesNotContain("marks/", listed, StringComparison.Ordinal);
            Assert.All(marks, mark => Assert.DoesNotContain($"\n{mark}\n", listed, StringComparison.Ordinal));
            Assert.Contains("No such file", listed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_rule_hides_history_does_not_show()
    {
        await using var reeve = Repository(
            Call("git_diff", new { from = "HEAD~1", to = "HEAD" }),
            Call("git_diff", new { path = "hidden.txt", from = "HEAD~1" }),
            Call("git_blame", new { path = "hidden.txt" }),
            Call("git_diff", new { from = "HEAD~1" }),
            Finishes());
        reeve.Write("hidden.txt", "crown-jewels\n");
        reeve.Write("open.txt", "open\n");
        Git(reeve, "add", "-A");
        Git(reeve, "commit", "-q", "-m", "second");
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [RuleSyntax.Parse("Read(hidden.txt)", Decision.Deny, RuleTier.User)],
        };

        var run = (await reeve.RunAsync()).Run;
        var answers = await reeve.AnswersAsync(run);

        Assert.Equal(1, answers[0].Json.GetProperty("notShown").GetInt32());
        Assert.Contains("+open", answers[0].Text, StringComparison.Ordinal);
        Assert.Equal(ToolOutcome.Refused, answers[1].Outcome);
        Assert.Equal(ToolOutcome.Refused, answers[2].Outcome);
        Assert.DoesNotContain("crown-jewels", await reeve.TextsAsync(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git_status", """{"path":"../x"}""", "gate.denied")]
    [InlineData("git_status", """{"path":"/etc"}""", "gate.denied")]
    [InlineData("git_diff", """{"path":"a/../../x"}""", "gate.denied")]
    [InlineData("git_diff", """{"from":"--output=/workspace/owned"}""", "argument.invalid")]
    [InlineData("git_diff", """{"from":"main","to":"--no-index"}""", "argument.invalid")]
    [InlineData("git_diff", """{"from":"main:hidden"}""", "argument.invalid")]
    [InlineData("git_diff", """{"from":"a..b"}""", "argument.invalid")]
    [InlineData("git_diff", """{"from":"HEAD^{/(a+)+$}"}""", "argument.invalid")]
    [InlineData("git_diff", """{"to":"main"}""", "argument.invalid")]
    [InlineData("git_diff", """{"context":101}""", "argument.invalid")]
    [InlineData("git_log", """{"revision":"--exec=x"}""", "argument.invalid")]
    [InlineData("git_log", """{"count":201}""", "argument.invalid")]
    [InlineData("git_log", """{"skip":1000001}""", "argument.invalid")]
    [InlineData("git_log", """{"format":"%h"}""", "argument.invalid")]
    [InlineData("git_blame", """{"path":"a.txt","lineCount":501}""", "argument.invalid")]
    [InlineData("git_blame", """{"path":"out/secret"}""", "path.outside_workspace")]
    [InlineData("git_commit", """{"message":" "}""", "argument.invalid")]
    [InlineData("git_commit", """{"message":"x","paths":["../x"]}""", "gate.denied")]
    [InlineData("git_commit", """{"message":"x","paths":"a.txt"}""", "argument.invalid")]
    [InlineData("git_branch", """{"action":"delete","name":"main"}""", "argument.invalid")]
    [InlineData("git_branch", """{"action":"create","name":"-D"}""", "argument.invalid")]
    [InlineData("git_branch", """{"action":"create","name":"x","start":"--orphan"}""", "argument.invalid")]
    [InlineData("git_branch", """{"action":"switch","name":"a b"}""", "argument.invalid")]
    [InlineData("git_checkpoint", """{"action":"create","name":"../../heads/main"}""", "argument.invalid")]
    [InlineData("git_checkpoint", """{"action":"create","name":""}""", "argument.invalid")]
    [InlineData("git_push", """{"branch":"x","remote":"ext::sh -c id"}""", "argument.invalid")]
    public async Task What_is_no_plain_argument_is_refused_before_git_runs(string tool, string arguments, string code)
    {
        await using var reeve = Repository();
        File.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");

        var answer = await reeve.CallOnceAsync(tool, arguments);

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
    }

    [Theory]
    [InlineData("git_log", """{"revision":"no-such-branch"}""")]
    [InlineData("git_commit", """{"message":"nothing"}""")]
    [InlineData("git_branch", """{"action":"switch","name":"nowhere"}""")]
    [InlineData("git_branch", """{"action":"create","name":"main"}""")]
    [InlineData("git_checkpoint", """{"action":"restore","name":"nowhere"}""")]
    [InlineData("git_blame", """{"path":"untracked.txt"}""")]
    public async Task What_git_refuses_is_said_to_have_failed(string tool, string arguments)
    {
        await using var reeve = Repository();

        if (tool == "git_blame")
        {
            reeve.Write("untracked.txt", "x\n");
        }

        var answer = await reeve.CallOnceAsync(tool, arguments);

        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        Assert.NotEqual(0, answer.Json.GetProperty("exitCode").GetInt32());
        Assert.NotEqual("", answer.Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("rm -rf .git")]
    [InlineData("mv .git elsewhere; ln -s elsewhere .git")]
    [InlineData("mv .git elsewhere; printf 'gitdir: elsewhere' | tee .git")]
    public async Task Only_a_repository_of_the_workspace_itself_is_used(string before)
    {
        await using var reeve = Repository(
            Call("shell", new { command = before }), Call("git_log", new { }), Finishes());

        var answers = await reeve.AnswersAsync((await reeve.RunAsync()).Run);

        Assert.Equal((ToolOutcome.Done, "git.no_repository"), (answers[0].Outcome, answers[1].Code));
    }

    [Fact]
    [Trait("Req", "GATE-10")]
    public async Task A_push_is_always_asked_and_never_happens_in_the_sandbox()
    {
        await using var reeve = Repository(Call("git_push", new { branch = "topic" }), Finishes());
        reeve.ChangeMandate = mandate => mandate with { CanAsk = true };

        var waiting = await reeve.RunAsync();
        await reeve.AnswerAsync(waiting.Run, isApproved: true);
        await reeve.ContinueAsync(waiting.Run);

        Assert.Equal((RunStatus.Waiting, "approval"), (waiting.Status, waiting.Reason));
        var answer = (await reeve.AnswersAsync(waiting.Run))[0];
        Assert.Equal("git.no_network", answer.Code);
        Assert.Contains("host bridge", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "GATE-10")]
    [InlineData(PermissionMode.Plan)]
    [InlineData(PermissionMode.Manual)]
    [InlineData(PermissionMode.Default)]
    [InlineData(PermissionMode.AcceptEdits)]
    [InlineData(PermissionMode.Auto)]
    [InlineData(PermissionMode.DontAsk)]
    [InlineData(PermissionMode.BypassPermissions)]
    [InlineData(PermissionMode.Daemon)]
    public async Task A_forced_push_is_denied_in_every_mode_whatever_a_rule_allows(PermissionMode mode)
    {
        await using var reeve = Repository();
        reeve.ChangeMandate = mandate => mandate with
        {
            Mode = mode,
            CanAsk = true,
            Rules = [RuleSyntax.Parse("Bash(git push:*)", Decision.Allow, RuleTier.User)],
        };

        var answer = await reeve.CallOnceAsync("git_push", """{"branch":"topic","force":true}""");

        Assert.Equal((ToolOutcome.Refused, "gate.denied"), (answer.Outcome, answer.Code));
    }

    private static ReeveHarness Repository(params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of(turns));
        reeve.Write("a.txt", "one\n");
        Git(reeve, "init", "-q", "-b", "main");
        Git(reeve, "config", "user.name", "Ada");
        Git(reeve, "config", "user.email", "ada@example.org");
        Git(reeve, "add", "-A");
        Git(reeve, "commit", "-q", "-m", "first");
        return reeve;
    }

    private static void Plant(ReeveHarness reeve)
    {
        const string Marks = "mkdir -p /workspace/marks; : > /workspace/marks/";
        reeve.Write(".gitignore", "marks/\n");
        reeve.Write(".gitattributes", "* filter=evil diff=evil\n");
        Git(reeve, "config", "filter.evil.clean", $"{Marks}clean; cat");
        Git(reeve, "config", "filter.evil.smudge", $"{Marks}smudge; cat");
        Git(reeve, "config", "diff.evil.textconv", $"{Marks}textconv; cat");
        Git(reeve, "config", "diff.external", $"{Marks}diff; :");
        Git(reeve, "config", "gpg.program", "/workspace/gpg.sh");
        Git(reeve, "config", "commit.gpgSign", "true");
        Git(reeve, "config", "core.fsmonitor", $"{Marks}fsmonitor; :");
        reeve.Write("gpg.sh", $"#!/bin/sh\n{Marks}gpg\nexit 1\n");
        Executable(reeve, "gpg.sh");

        foreach (var hook in (string[])
            ["pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction"])
        {
            reeve.Write($".git/hooks/{hook}", $"#!/bin/sh\n{Marks}{hook}\n");
            Executable(reeve, $".git/hooks/{hook}");
        }
    }

    private static void Executable(ReeveHarness reeve, string path) => File.SetUnixFileMode(
        Path.Join(reeve.Workspace, path),
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute
            | UnixFileMode.OtherRead);

    private static string Git(ReeveHarness reeve, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = reeve.Workspace, RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);

        return output.TrimEnd('\n');
    }
}
