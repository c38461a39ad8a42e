using Reeve.Doors.Views;
using Reeve.Kernel.Journal;
using Reeve.Tests.Shared;
using Reeve.Tests.Simulation.World;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Simulation.Crashes;

/// <summary>A process that dies inside apply or undo: the next one finds the tree before or after, and says which.</summary>
public sealed class ApplyCrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [Trait("Req", "RUN-2")]
    [Trait("Req", "RUN-3")]
    public async Task Dead_inside_an_apply_the_tree_is_before_or_after_and_the_journal_says_so(
        bool isUndo, bool appliesNext)
    {
        var cut = 0;

        // Ends: past its last step the act is no longer cut.
        while (await CutAsync(++cut, isUndo, appliesNext))
        {
        }

        Assert.True(cut > 5, $"{cut} steps");
    }

    /// <returns>False when the act had fewer steps than that.</returns>
    private static async Task<bool> CutAsync(int cut, bool isUndo, bool appliesNext)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("edit", new { path = "a.txt", oldText = "one", newText = "two" }),
            Call("write", new { path = "new/b.txt", content = "b\n" }),
            Call("delete", new { path = "c.txt" }),
            Finishes()));
        reeve.Write("a.txt", "one\n");
        reeve.Write("c.txt", "c\n");
        var before = Tree.Of(reeve.Workspace);
        var run = (await reeve.RunAsync()).Run;

        if (isUndo)
        {
            await reeve.WithHostAsync(host => host.ApplyAsync(run, false, null, Stop));
        }

        var steps = new CutAt(cut);
        reeve.Change = options => options with { ApplySteps = steps };
        var wasCut = await DiesAsync(reeve, run, isUndo);
        reeve.Change = options => options;

        await using var next = await reeve.OpenAsync();
        var after = await ActAsync(next, run, isUndo: !appliesNext);

        Assert.Equal(appliesNext ? "a.txt new/b.txt" : "a.txt c.txt", Names(reeve.Workspace));
        Assert.Equal(appliesNext, before != Tree.Of(reeve.Workspace));
        Assert.Equal(appliesNext, (await next.ReportAsync(run, Stop)).IsApplied);
        Assert.Empty(after.Conflicts);
        Assert.Null((await next.VerifyAsync(run, Stop)).Fault);
        Assert.Null((await next.ReplayAsync(run, Stop)).Fault);
        return wasCut;
    }

    private static string Names(string workspace) => string.Join(' ', Directory
        .EnumerateFiles(workspace, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(workspace, path)).Order(StringComparer.Ordinal));

    private static async Task<bool> DiesAsync(ReeveHarness reeve, RunKey run, bool isUndo)
    {
        await using var host = await reeve.OpenAsync();

        try
        {
            await ActAsync(host, run, isUndo);
            return false;
        }
        catch (SimulatedCrash)
        {
            return true;
        }
    }

    private static Task<Hosting.Runs.ApplyReport> ActAsync(Hosting.ReeveHost host, RunKey run, bool isUndo) =>
        isUndo ? host.UndoAsync(run, Stop) : host.ApplyAsync(run, includeIgnored: false, reviewedTree: null, Stop);

    private sealed class CutAt(int cut) : IApplySteps
    {
        private int _steps;

        public void Before(ApplyStep step)
        {
            if (++_steps == cut)
            {
                throw new SimulatedCrash();
            }
        }
    }
}
