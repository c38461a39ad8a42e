using Reeve.Kernel.Budgets;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Simulation.World;
using Xunit;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>What must hold at the end of every run, whatever happened to it.</summary>
public static class SeedLaws
{
    public static async Task CheckAsync(
        SeedRun seed, RunState state, Life life, RunKey run, CancellationToken cancellationToken)
    {
        Assert.True(state.Status.IsFinal(), $"ended as {state.Status}");
        Assert.Equal(seed.TreeBefore, seed.TreeNow);

        var verified = await life.Host.VerifyAsync(run, cancellationToken);
        Assert.Null(verified.Fault);
        var replayed = await life.Host.ReplayAsync(run, cancellationToken);
        Assert.Null(replayed.Fault);
        Assert.Equal(verified.Head, replayed.Head);

        CheckBudget(seed, state);
        await CheckCallsAsync(seed, state, life, run, cancellationToken);
        await CheckLabelsAsync(life, run, cancellationToken);
        await CheckClaimAsync(state, life, run, cancellationToken);
    }

    /// <summary>What came from outside says so in the journal, whichever call was done first and whoever died.</summary>
    private static async Task CheckLabelsAsync(Life life, RunKey run, CancellationToken cancellationToken)
    {
        var ids = await Ids.OfAsync(life.Host, run, cancellationToken);
        var labels = new List<string> { "least trusted", "built in" };

        await foreach (var shown in life.Host.EntriesAsync(run, 1, cancellationToken))
        {
            if (shown.Entry.Body is LabelInterned interned)
            {
                Assert.Equal(labels.Count, interned.Index);
                labels.Add(shown.Texts[interned.Definition]);
            }

            // The first entry is written together with the definition of its label.
            Assert.True(shown.Entry.Sequence == 1 || shown.Entry.Label.Index < labels.Count, "a label without definition");

            if (shown.Entry.Body is ToolFinished { Tool: "look", Outcome: ToolOutcome.Done })
            {
                var label = labels[shown.Entry.Label.Index];
                var isTold = label.Contains($"outside-{ids[shown.Entry.Call.ToString()!]}\"", StringComparison.Ordinal);
                Assert.True(isTold || shown.Entry.Label.Index == 0 || IsMany(label), label);
            }
        }
    }

    // Beyond its maximum a label no longer lists its sources: it then says that there are many.
    private static bool IsMany(string label) => label.Contains("ources\":null", StringComparison.Ordinal);

    private static void CheckBudget(SeedRun seed, RunState state)
    {
        Assert.Empty(state.Budget.OpenReservations);

        // A provider that bills more than it was allowed overdraws once; nobody else ever does.
        var limit = state.Limits.Budget with { WallTime = TimeSpan.MaxValue };
        Assert.True(
            seed.HasOverbilled || state.Budget.Spent.FitsIn(limit), $"spent {state.Budget.Spent} of {limit}");
    }

    private static async Task CheckCallsAsync(
        SeedRun seed, RunState state, Life life, RunKey run, CancellationToken cancellationToken)
    {
        var ids = await Ids.OfAsync(life.Host, run, cancellationToken);
        var calls = new Dictionary<string, CallRecord>();

        await foreach (var shown in life.Host.EntriesAsync(run, 1, cancellationToken))
        {
            if (shown.Entry.Call is { } call)
            {
                var name = call.ToString();
                calls[name] = (calls.GetValueOrDefault(name) ?? new CallRecord()).After(shown.Entry.Body);
            }
        }

        foreach (var (name, call) in calls)
        {
            var times = ids[name].Length == 0 ? 0 : seed.Outside.TimesOf(ids[name]);
            Assert.True(times <= 1, $"{name} took effect {times} times: {call}");
            Assert.True(call.Finished <= 1, $"{name} finished {call.Finished} times: {call}");
            Assert.True(call.Started == 0 || call.HasEnd || call.IsHarmless, $"{name} has no end: {call}");
            Assert.True(call.Started > 0 || times == 0, $"{name} took effect and was never started: {call}");
            Assert.True(!call.IsEffectDone || times == 1, $"{name} is said to be done and was not: {call}");
        }

        Assert.Equal(0, seed.Outside.TimesOf("never"));
        Assert.Equal(seed.Outside.All.Count, calls.Keys.Count(name => seed.Outside.TimesOf(ids[name]) > 0));
        Assert.True(state.IsFinished);
    }

    /// <summary>A status says no more than what is true of the final tree.</summary>
    private static async Task CheckClaimAsync(
        RunState state, Life life, RunKey run, CancellationToken cancellationToken)
    {
        var report = await life.Host.ReportAsync(run, cancellationToken);
        Assert.Equal(state.Status, report.Status);
        Assert.Equal(state.Finished!.ChangedPaths, report.Changes.Count(change => !change.IsIgnored));

        if (state.Status != RunStatus.Succeeded)
        {
            Assert.Equal(ProofLevel.None, report.Proof);
            return;
        }

        if (report.Proof == ProofLevel.Answered)
        {
            Assert.Empty(report.Changes);
        }

        if (report.Proof == ProofLevel.Verified)
        {
            Assert.All(report.Criteria, criterion => Assert.Equal(CheckOutcome.Passed, criterion.Outcome));
            var proof = (await life.Host.DiffAsync(run, cancellationToken)).Single(change => change.Path == "proof.txt");
            Assert.Contains("+yes", proof.UnifiedDiff, StringComparison.Ordinal);
        }
    }

    private sealed record CallRecord(
        EffectClass Class = EffectClass.Once, string Tool = "", int Started = 0, int Finished = 0,
        bool IsInDoubt = false, ToolOutcome? Outcome = null)
    {
        public bool HasEnd => Finished > 0 || IsInDoubt;

        public bool IsHarmless => Class is EffectClass.Pure or EffectClass.Contained;

        public bool IsEffectDone => Outcome == ToolOutcome.Done && Tool is "send" or "pay" or "order" or "post"
            && Outcome == ToolOutcome.Done;

        public CallRecord After(EventBody body) => body switch
        {
            ToolDecided decided => this with { Class = decided.EffectClass, Tool = decided.Tool },
            ToolStarted => this with { Started = Started + 1 },
            ToolInDoubt => this with { IsInDoubt = true },
            ToolFinished finished => this with { Finished = Finished + 1, Outcome = finished.Outcome },
            _ => this,
        };
    }
}
