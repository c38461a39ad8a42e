using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>What a call may do after a crash follows from its class, and its intent is on record before it
/// acts.</summary>
public sealed class EffectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task The_start_of_a_call_can_be_read_by_others_before_it_acts()
    {
        var seen = new List<string>();
        await using var reeve = new ReeveHarness(Of(Call("act", new { }), Finishes()));
        Bring(reeve, EffectClass.Once, async (_, _) =>
        {
            await using var other = await reeve.OpenAsync();
            var run = (await other.ListAsync(null, 1, Stop)).Single().Run;

            await foreach (var shown in other.EntriesAsync(run, 1, Stop))
            {
                seen.Add(shown.Entry.Body.GetType().Name);
            }

            return "acted";
        });

        await reeve.RunAsync();

        Assert.Equal(nameof(ToolStarted), seen[^1]);
    }

    [Theory]
    [InlineData(EffectClass.Once, RunStatus.InDoubt, 1)]
    [InlineData(EffectClass.Pure, RunStatus.Succeeded, 2)]
    [InlineData(EffectClass.Idempotent, RunStatus.Succeeded, 2)]
    [InlineData(EffectClass.Contained, RunStatus.Succeeded, 2)]
    [Trait("Req", "RUN-3")]
    public async Task Only_a_call_that_must_not_happen_twice_is_put_to_a_person(
        EffectClass effectClass, RunStatus status, int acts)
    {
        var count = 0;
        using var crash = new CancellationTokenSource();
        await using var reeve = new ReeveHarness(Of(Call("act", new { }), Finishes()));
        Bring(reeve, effectClass, async (_, stop) =>
        {
            if (++count == 1)
            {
                await crash.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            }

            return "acted";
        });
        var run = await reeve.WithHostAsync(host => reeve.SubmitAsync(host));
        await reeve.ContinueAsync(run, crash.Token);
        Assert.Equal(1, count);

        var report = await reeve.ContinueAsync(run);

        Assert.Equal((status, acts), (report.Status, count));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_run_that_one_host_works_on_is_refused_to_another()
    {
        await using var reeve = new ReeveHarness(Of(Call("act", new { }), Finishes()));
        var refused = "";
        var plain = reeve.Change;
        Bring(reeve, EffectClass.Pure, async (_, _) =>
        {
            var own = reeve.Change;
            reeve.Change = options => plain(options) with { Instance = 7 };
            await using var other = await reeve.OpenAsync();
            var run = (await other.ListAsync(null, 1, Stop)).Single().Run;
            refused = (await Assert.ThrowsAsync<ProblemException>(() =>
                other.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop))).Problem.Code;
            reeve.Change = own;
            return "acted";
        });

        await reeve.RunAsync();

        Assert.Equal("run.busy", refused);
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_command_cut_in_the_middle_runs_again_on_the_tree_it_found()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("shell", new { command = "echo x >> log.txt; echo begun; sleep 1" }), Finishes()));
        using var crash = new CancellationTokenSource();
        var run = await reeve.WithHostAsync(host =>
            reeve.SubmitAsync(host, "Do it.", "test $(wc -l < log.txt) = 1"));
        await reeve.WithHostAsync(host =>
            host.ContinueAsync(run, new StopAtOutput(crash), new RunLoopOptions(TimeSpan.Zero), crash.Token));

        var report = await reeve.ContinueAsync(run);

        Assert.Equal(RunStatus.Succeeded, report.Status);
        var entries = await reeve.EntriesAsync(run);
        Assert.Equal(2, entries.Count(shown => shown.Entry.Body is ToolStarted { Tool: "shell" }));
    }

    private sealed class StopAtOutput(CancellationTokenSource stop) : IRunObserver
    {
        public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
        {
            // Only output counts.
        }

        public void OnDelta(ModelDelta delta)
        {
            // Only output counts.
        }

        public void OnOutput(CallId call, OutputChunk chunk) => stop.Cancel();
    }

    private static void Bring(
        ReeveHarness reeve, EffectClass effectClass, Func<ToolContext, CancellationToken, Task<string>> act) =>
        reeve.Change = options => options with { MoreTools = [new TestTool("act", effectClass, Label.BuiltIn, act)] };
}
