using System.Diagnostics;
using System.Text;
using Reeve.Doors.Views;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Several runs over one folder, and what apply says of each.</summary>
public sealed class TwoRunsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Req", "FS-3")]
    public async Task A_run_on_an_older_tree_is_called_stale_and_never_overwrites_a_newer_one(ViewPreference kind)
    {
        await using var reeve = Reeve(kind, Calls(
            ("write", new { path = "a.txt", content = "one\n" }),
            ("write", new { path = "new/b.txt", content = "b\n" }),
            ("write", new { path = "build.log", content = "noise\n" })));
        var (first, second) = (await reeve.RunAsync(), await reeve.RunAsync());
        Assert.False(first.IsStale || second.IsStale);

        var applied = await ApplyAsync(reeve, first.Run);

        Assert.True(applied.IsDone);
        var report = await ReportAsync(reeve, first.Run);
        Assert.Equal(
            [("a.txt", true), ("new", true), ("new/b.txt", true), ("build.log", false)],
            report.Changes.Select(change => (change.Path, change.IsApplied)));
        Assert.Equal([("modified", 1, 1)], report.Changes.Take(1).Select(
            change => (change.Kind, change.LinesAdded, change.LinesRemoved)));
        Assert.False(report.IsStale);
        Assert.True((await ReportAsync(reeve, second.Run)).IsStale);
        Assert.Equal(
            [true, false],
            (await reeve.WithHostAsync(host => host.ListAsync(null, 9, Stop))).OrderByDescending(line => line.IsStale)
                .Select(line => line.IsStale));

        var refused = await ApplyAsync(reeve, second.Run);

        Assert.Equal(["a.txt", "new", "new/b.txt"], refused.Conflicts);
        Assert.Equal("one\n", reeve.Read("a.txt"));

        var third = await reeve.RunAsync();
        Assert.False(third.IsStale);
        await reeve.WithHostAsync(host => host.UndoAsync(first.Run, Stop));
        Assert.True((await ReportAsync(reeve, third.Run)).IsStale);
        Assert.DoesNotContain((await ReportAsync(reeve, first.Run)).Changes, change => change.IsApplied);
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Req", "FS-3")]
    public async Task What_an_agent_commits_is_a_branch_of_the_users_repository_after_apply(ViewPreference kind)
    {
        await using var reeve = Reeve(kind, Call("shell", new
        {
            command = "echo two > a.txt && git -c user.name=A -c user.email=a@b.c commit -qam 'by the agent'",
        }));
        Git(reeve, "init", "-q", "-b", "main");
        Git(reeve, "add", "-A");
        Git(reeve, "-c", "user.name=U", "-c", "user.email=u@u.u", "commit", "-q", "-m", "by the user");
        var run = await reeve.RunAsync();

        var applied = await ApplyAsync(reeve, run.Run);

        Assert.Equal($"reeve/{run.Run.Run}", applied.Branch);
        Assert.Equal("by the agent\nby the user", Git(reeve, "log", "--format=%s", applied.Branch));
        Assert.Equal("by the user", Git(reeve, "log", "--format=%s", "HEAD"));
        Assert.Equal("two\n", reeve.Read("a.txt"));
        Assert.Equal(applied.Branch, (await ReportAsync(reeve, run.Run)).Branch);

        await reeve.WithHostAsync(host => host.UndoAsync(run.Run, Stop));

        Assert.Equal("* main", Git(reeve, "branch", "--list"));
        Assert.Equal("zero\n", reeve.Read("a.txt"));
    }

    private static ReeveHarness Reeve(ViewPreference kind, System.Text.Json.Nodes.JsonObject turn)
    {
        var script = Of(turn, Finishes());
        var reeve = new ReeveHarness(script)
        {
            Change = options => options with
            {
                View = kind,
                Model = _ => new ScriptedModel(
                    Script.Parse(Encoding.UTF8.GetBytes(script)), "test",
                    TimeProvider.System),
            },
        };
        reeve.Write("a.txt", "zero\n");
        reeve.Write(".gitignore", "*.log\n");

        return reeve;
    }

    private static Task<ApplyReport> ApplyAsync(ReeveHarness reeve, RunKey run) =>
        reeve.WithHostAsync(host => host.ApplyAsync(run, includeIgnored: false, reviewedTree: null, Stop));

    private static Task<RunReport> ReportAsync(ReeveHarness reeve, RunKey run) =>
        reeve.WithHostAsync(host => host.ReportAsync(run, Stop));

    private static string Git(ReeveHarness reeve, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = reeve.Workspace,
            RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = "/tmp";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);

        return output.TrimEnd('\n');
    }
}
