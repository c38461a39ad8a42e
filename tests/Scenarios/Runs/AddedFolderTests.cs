using System.Diagnostics;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Scenarios.Sessions;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Folders beside the workspace that a person adds: read by tools and commands, and never changed.</summary>
[Trait("Req", "CLI-1")]
[Trait("Req", "FS-1")]
public sealed class AddedFolderTests
{
    private const string Look =
        "cat /folders/docs/sub/a.txt; cat /folders/docs/.env; ls -a /folders/docs; "
        + "test -p /folders/docs/pipe && echo a pipe; "
        + "echo x > /folders/docs/sub/a.txt; touch /folders/docs/new; rm /folders/docs/sub/a.txt; mkdir /folders/more; "
        + "true";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_read_by_tools_and_commands_and_changed_by_none()
    {
        await using var reeve = Harness();
        var docs = Docs(reeve);
        var before = Line.Tree(docs);
        var model = reeve.Scripted(
            Call("read", new { path = "@docs/sub/a.txt" }),
            Call("grep", new { pattern = "crown", path = "@docs" }),
            Call("tree", new { path = "@docs" }),
            Call("read", new { path = "@docs/.env" }),
            Call("write", new { path = "@docs/new.txt", content = "x" }),
            Call("delete", new { path = "@docs/sub/a.txt" }),
            Call("shell", new { command = Look }),
            Says("Read."));
        var report = await RunAsync(reeve, new RunRequest("Read it.", reeve.Workspace) { Folders = [docs] });
        var said = await reeve.ObservationsAsync(report.Run);

        Assert.Contains("the crown", said[0], StringComparison.Ordinal);
        Assert.Contains("@docs/sub/a.txt", said[1], StringComparison.Ordinal);
        Assert.Contains("a.txt", said[2], StringComparison.Ordinal);
        Assert.Contains("path.denied", said[3] + Denied(said[3]), StringComparison.Ordinal);
        Assert.Contains("grant.read_only", said[4], StringComparison.Ordinal);
        Assert.Contains("grant.read_only", said[5], StringComparison.Ordinal);
        Assert.Contains("the crown", said[6], StringComparison.Ordinal);
        Assert.Contains("Read-only file system", said[6], StringComparison.Ordinal);
        Assert.DoesNotContain("a pipe", said[6], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Concat(said), StringComparison.Ordinal);
        Assert.Contains("file tools read @docs/path, commands see it at /folders/docs", model.Heard,
            StringComparison.Ordinal);
        Assert.Equal(before, Line.Tree(docs));
        Assert.Empty(report.Changes);
    }

    [Fact]
    public async Task Is_in_the_mandate_and_labelled_as_a_source_of_its_own_and_replays()
    {
        await using var reeve = Harness();
        reeve.Scripted(Call("read", new { path = "@docs/sub/a.txt" }), Says("Read."));
        var docs = Docs(reeve);
        var report = await RunAsync(reeve, new RunRequest("Read it.", reeve.Workspace) { Folders = [docs] });
        await using var host = await reeve.OpenAsync();
        var entries = await reeve.EntriesAsync(report.Run);
        var admitted = entries.First(shown => shown.Entry.Body is RunAdmitted);
        var mandate = admitted.Texts[((RunAdmitted)admitted.Entry.Body).Mandate];
        var labels = entries.Where(shown => shown.Entry.Body is LabelInterned)
            .Select(shown => shown.Texts[((LabelInterned)shown.Entry.Body).Definition]);

        Assert.Contains($"\"folders\":[{{\"name\":\"docs\",\"directory\":\"{docs}\"}}]", mandate,
            StringComparison.Ordinal);
        Assert.Contains(labels, label => label.Contains("folder:docs", StringComparison.Ordinal));
        Assert.Null((await host.ReplayAsync(report.Run, Stop)).Fault);
    }

    [Fact]
    public async Task Is_there_after_a_resume_and_refused_when_something_else_stands_there()
    {
        await using var reeve = Harness();
        reeve.ChangeMandate = mandate => mandate with { Mode = PermissionMode.Manual };
        reeve.Scripted(
            Call("write", new { path = "b.txt", content = "b" }), Call("read", new { path = "@docs/sub/a.txt" }),
            Says("Read."));
        var docs = Docs(reeve);
        var request = new RunRequest("Read it.", reeve.Workspace) { Folders = [docs] };
        var parked = await RunAsync(reeve, request);
        var other = await RunAsync(reeve, request);
        Assert.Equal(RunStatus.Waiting, parked.Status);

        await using var host = await reeve.OpenAsync();
        await host.AnswerAsync(parked.Run, null, isApproved: true, "", Stop);
        Assert.Equal("Read.", (await Line.FollowAsync(host, parked.Run)).Result);
        Assert.Contains("the crown", (await reeve.ObservationsAsync(parked.Run))[1], StringComparison.Ordinal);

        Directory.Move(docs, docs + "-before");
        Directory.CreateSymbolicLink(docs, reeve.Data);
        await host.AnswerAsync(other.Run, null, isApproved: true, "", Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Line.FollowAsync(host, other.Run));
        Assert.Equal("folder.not_found", refused.Problem.Code);
    }

    [Fact]
    public async Task Is_typed_for_each_run_and_fork_and_not_inherited()
    {
        await using var reeve = Harness();
        var read = new { path = "@docs/sub/a.txt" };
        Docs(reeve);
        reeve.Scripted(Call("read", read), Says("First."));
        await TypeAsync(reeve, 0, "run", "--add-dir", "../docs", "Read it.");
        Assert.Contains("the crown", await LastSaidAsync(reeve), StringComparison.Ordinal);

        reeve.Scripted(Says("-"), Says("-"), Call("read", read), Says("Second."));
        await TypeAsync(reeve, 0, "-c", "Read it again.");
        Assert.Contains("file.not_found", await LastSaidAsync(reeve), StringComparison.Ordinal);

        reeve.Scripted(Says("-"), Says("-"), Says("-"), Says("-"), Call("read", read), Says("Third."));
        await TypeAsync(reeve, 0, "fork", "last", "--add-dir", "../docs", "Read it once more.");
        Assert.Contains("the crown", await LastSaidAsync(reeve), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_means_is_refused_before_anything_is_recorded()
    {
        await using var reeve = Harness();
        var docs = Docs(reeve);
        var root = Path.GetDirectoryName(reeve.Workspace)!;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Directory.CreateDirectory(Path.Join(reeve.Workspace, "inside"));
        Assert.Empty(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));
        Directory.CreateDirectory(Path.Join(reeve.Data, "runs"));
        Directory.CreateSymbolicLink(Path.Join(root, "link"), reeve.Data);

        foreach (var folder in (string[])["/", "/etc", "/proc/self", home, root, reeve.Workspace, reeve.Data,
            Path.Join(reeve.Workspace, "inside"), Path.Join(reeve.Data, "runs"), Path.Join(root, "link")])
        {
            Assert.Equal("folder.refused", await RefusedAsync(folder));
        }

        Assert.Equal("folder.not_found", await RefusedAsync(docs + "-not"));
        Assert.Equal("folder.not_found", await RefusedAsync(Path.Join(docs, "sub/a.txt")));
        Assert.Equal(
            "folder.too_many", await RefusedAsync([.. Enumerable.Repeat(docs, FolderGrant.CountMax + 1)]));
        Assert.Empty(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));

        async Task<string> RefusedAsync(params string[] folders) => (await Assert.ThrowsAsync<ProblemException>(
            () => RunAsync(reeve, new RunRequest("Read.", reeve.Workspace) { Folders = folders }))).Problem.Code;
    }

    [Fact]
    public async Task Two_of_one_name_are_told_apart_and_a_name_of_the_workspace_stays_its_own()
    {
        await using var reeve = Harness();
        var docs = Docs(reeve);
        var other = Directory.CreateDirectory(Path.Join(Path.GetDirectoryName(docs), "other", "docs")).FullName;
        await File.WriteAllTextAsync(Path.Join(other, "b.txt"), "of the other", Stop);
        reeve.Write("@docs/own.txt", "of the workspace");
        reeve.Scripted(
            Call("read", new { path = "@docs/own.txt" }), Call("read", new { path = "@docs-2/sub/a.txt" }),
            Call("read", new { path = "@docs-3/b.txt" }), Says("Read."));
        var report = await RunAsync(reeve, new RunRequest("Read.", reeve.Workspace) { Folders = [docs, other] });
        var said = await reeve.ObservationsAsync(report.Run);

        Assert.Contains("of the workspace", said[0], StringComparison.Ordinal);
        Assert.Contains("the crown", said[1], StringComparison.Ordinal);
        Assert.Contains("of the other", said[2], StringComparison.Ordinal);
    }

    // The gate and the file grant hide the same files; which of them speaks first is not the point here.
    private static string Denied(string said) =>
        said.StartsWith("refused (gate.denied)", StringComparison.Ordinal) ? "path.denied" : "";

    private static ReeveHarness Harness() => new(Of(Says("-")))
    {
        ChangeMandate = mandate => mandate with
        {
            Rules = [RuleSyntax.Parse("Read(.env)", Decision.Deny, RuleTier.User)],
        },
    };

    private static string Docs(ReeveHarness reeve)
    {
        var docs = Path.Join(Path.GetDirectoryName(reeve.Workspace), "docs");
        Directory.CreateDirectory(Path.Join(docs, "sub"));
        File.WriteAllText(Path.Join(docs, "sub", "a.txt"), "the crown\n");
        File.WriteAllText(Path.Join(docs, ".env"), "PASSWORD=hunter2\n");
        using var pipe = Process.Start("mkfifo", [Path.Join(docs, "pipe")]);
        pipe.WaitForExit();
        return docs;
    }

    private static async Task<RunReport> RunAsync(ReeveHarness reeve, RunRequest request)
    {
        await using var host = await reeve.OpenAsync();
        return await Line.FollowAsync(host, await host.SubmitAsync(request, Stop));
    }

    private static async Task TypeAsync(ReeveHarness reeve, int exitCode, params string[] arguments)
    {
        var session = new CommandSession(reeve);
        Assert.True(exitCode == await session.TypeAsync(arguments), session.Error);
    }

    private static async Task<string> LastSaidAsync(ReeveHarness reeve)
    {
        var run = await reeve.WithHostAsync(host => host.FindAsync("last", reeve.Workspace, Stop));
        return (await reeve.ObservationsAsync(run))[^1];
    }
}
