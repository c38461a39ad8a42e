using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

public sealed class RunPathTests
{
    [Fact]
    [Trait("Req", "RUN-1")]
    public async Task A_goal_becomes_a_result_a_diff_and_a_record()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("read", new { path = "poem.txt" }),
            Call("edit", new { path = "poem.txt", oldText = "one", newText = "two" }),
            Finishes("Changed one to two.")));
        reeve.Write("poem.txt", "one\n");

        var report = await reeve.RunAsync("Change one to two.", "grep -q two poem.txt");

        Assert.Equal((RunStatus.Succeeded, ProofLevel.Verified), (report.Status, report.Proof));
        Assert.Equal("Changed one to two.", report.Result);
        Assert.Equal("one\n", reeve.Read("poem.txt"));
        Assert.Equal("poem.txt", Assert.Single(report.Changes).Path);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task A_finished_run_verifies_and_replays_from_its_journal()
    {
        await using var reeve = new ReeveHarness(Of(
            Calls(("read", new { path = "a.txt" }), ("tree", new { path = "." })),
            Call("shell", new { command = "echo hello > b.txt; cat b.txt" }),
            Call("nonsense", new { x = 1 }),
            Finishes()));
        reeve.Write("a.txt", "a\n");
        var report = await reeve.RunAsync();
        reeve.Model = new UnreachableModel();

        var (verified, replayed) = await reeve.WithHostAsync(async host => (
            await host.VerifyAsync(report.Run, TestContext.Current.CancellationToken),
            await host.ReplayAsync(report.Run, TestContext.Current.CancellationToken)));

        Assert.Null(verified.Fault);
        Assert.Null(replayed.Fault);
        Assert.Equal(verified.Head, replayed.Head);
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public async Task Applying_writes_the_reviewed_change_and_undo_takes_it_back()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "new.txt", content = "hello\n" }), Finishes()));
        reeve.Write("a.txt", "a\n");
        var report = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        var applied = await host.ApplyAsync(report.Run, false, null, TestContext.Current.CancellationToken);
        Assert.Equal(["new.txt"], applied.Written);
        Assert.Equal("hello\n", reeve.Read("new.txt"));

        var undone = await host.UndoAsync(report.Run, TestContext.Current.CancellationToken);
        Assert.True(undone.IsDone);
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "new.txt")));
    }
}
