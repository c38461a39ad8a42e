using Reeve.Authority.Mandates;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>A result never says more than was proven.</summary>
public sealed class EvidenceTests
{
    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task An_answer_without_criteria_or_change_is_answered()
    {
        await using var reeve = new ReeveHarness(Of(Says("It is blue.")));

        var report = await reeve.RunAsync("What colour is it?");

        Assert.Equal((RunStatus.Succeeded, ProofLevel.Answered, "It is blue."),
            (report.Status, report.Proof, report.Result));
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task A_change_without_a_check_is_unverified()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "a" }), Finishes("All tests pass!")));

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.Unverified, ProofLevel.None, "evidence.missing"),
            (report.Status, report.Proof, report.Reason));
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task A_check_before_the_last_change_proves_nothing()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("shell", new { command = "python3 -m unittest -q" }),
            Call("write", new { path = "late.txt", content = "a" }),
            Finishes()));
        reeve.Write("test_a.py", "import unittest\nclass T(unittest.TestCase):\n    def test(self): pass\n");

        Assert.Equal(RunStatus.Unverified, (await reeve.RunAsync()).Status);
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task The_agents_own_passing_check_after_its_last_change_is_a_self_check()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.py", content = "x = 1\n" }),
            Call("shell", new { command = "python3 -m unittest -q" }),
            Finishes()));
        reeve.Write("test_a.py", "import unittest\nclass T(unittest.TestCase):\n    def test(self): pass\n");

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.Succeeded, ProofLevel.SelfChecked), (report.Status, report.Proof));
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task A_failing_criterion_makes_a_claim_of_success_unverified()
    {
        await using var reeve = new ReeveHarness(Of(Finishes("Fixed."), Finishes("Fixed."), Finishes("Fixed.")));

        var report = await reeve.RunAsync("Fix it.", "true", "test -e fixed.txt");

        Assert.Equal((RunStatus.Unverified, "criteria.failed"), (report.Status, report.Reason));
        Assert.Equal([CheckOutcome.Passed, CheckOutcome.Failed],
            report.Criteria.Select(criterion => criterion.Outcome));
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task A_failing_criterion_is_given_back_and_may_be_mended()
    {
        await using var reeve = new ReeveHarness(Of(
            Finishes("Fixed."), Call("write", new { path = "fixed.txt", content = "1" }), Finishes("Now it is.")));

        var report = await reeve.RunAsync("Fix it.", "test -e fixed.txt");

        Assert.Equal((RunStatus.Succeeded, ProofLevel.Verified, "Now it is."),
            (report.Status, report.Proof, report.Result));
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task What_a_criterion_writes_is_not_part_of_the_result()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));

        var report = await reeve.RunAsync("Look.", "touch left-behind.txt");

        Assert.Equal(ProofLevel.Verified, report.Proof);
        Assert.Empty(report.Changes);
    }

    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task A_change_to_a_test_is_named()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "tests/test_a.py", content = "pass\n" }), Finishes()));

        Assert.True(Assert.Single((await reeve.RunAsync()).Changes, change => change.Path == "tests/test_a.py").IsTest);
    }

    /// <summary>A message that comes while the checks run reopens the work, and what they said is about a tree of
    /// before.</summary>
    [Fact]
    [Trait("Req", "RUN-6")]
    public async Task What_was_checked_before_the_last_change_proves_nothing_of_it()
    {
        await using var reeve = new ReeveHarness(Of(
            Finishes("Nothing is broken."), Call("write", new { path = "broken.txt", content = "1" }),
            Finishes("Still fine.")));
        await using var host = await reeve.OpenAsync();
        var run = await reeve.SubmitAsync(host, "Break nothing.", ["sleep 4; test ! -e broken.txt"]);
        var stop = TestContext.Current.CancellationToken;
        var interrupting = new OnFirst<CheckStarted>(() => host.SayAsync(run, "One more thing.", stop));

        await host.ContinueAsync(run, interrupting, new RunLoopOptions(TimeSpan.Zero), stop);
        await interrupting.Done;

        var report = await host.ReportAsync(run, stop);
        Assert.Contains(report.Changes, change => change.Path == "broken.txt");
        Assert.Equal((RunStatus.Unverified, ProofLevel.None), (report.Status, report.Proof));
    }

    private sealed class OnFirst<TBody>(Func<Task> act) : IRunObserver
        where TBody : EventBody
    {
        private bool _hasActed;

        public Task Done { get; private set; } = Task.CompletedTask;

        public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
        {
            if (entry.Body is TBody && !_hasActed)
            {
                _hasActed = true;
                Done = act();
            }
        }

        public void OnDelta(ModelDelta delta)
        {
            // Only entries count.
        }

        public void OnOutput(CallId call, OutputChunk chunk)
        {
            // Only entries count.
        }
    }
}
