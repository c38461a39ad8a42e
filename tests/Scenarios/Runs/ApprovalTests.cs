using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Hosting;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>What must be asked happens after a person said yes to exactly it, and never otherwise.</summary>
public sealed class ApprovalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-3")]
    public async Task A_denied_effect_does_not_happen_and_says_why()
    {
        await using var reeve = Asking(Decision.Deny, "Write(secret/**)",
            Call("write", new { path = "secret/a.txt", content = "x" }));

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.Contains("gate.denied", await TextAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "GATE-3")]
    public async Task Without_the_rule_the_same_effect_happens()
    {
        await using var reeve = Asking(Decision.Deny, "Write(other/**)",
            Call("write", new { path = "secret/a.txt", content = "x" }));

        Assert.Contains((await reeve.RunAsync()).Changes, change => change.Path == "secret/a.txt");
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task An_asked_effect_waits_survives_a_restart_and_happens_once_approved()
    {
        await using var reeve = Asking(Decision.Ask, "Write(a.txt)",
            Call("write", new { path = "a.txt", content = "x" }));
        var waiting = await reeve.RunAsync();
        Assert.Equal((RunStatus.Waiting, "approval"), (waiting.Status, waiting.Reason));
        Assert.Equal("write", Assert.Single(waiting.Approvals).Tool);

        await using var host = await reeve.OpenAsync();
        await host.AnswerAsync(waiting.Run, null, isApproved: true, "", Stop);
        var report = await ContinueAsync(host, waiting.Run);

        Assert.Contains(report.Changes, change => change.Path == "a.txt");
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task A_denied_approval_is_told_to_the_model_and_nothing_happens()
    {
        await using var reeve = Asking(Decision.Ask, "Write(a.txt)",
            Call("write", new { path = "a.txt", content = "x" }));
        var waiting = await reeve.RunAsync();

        await using var host = await reeve.OpenAsync();
        await host.AnswerAsync(waiting.Run, null, isApproved: false, "not today", Stop);
        var report = await ContinueAsync(host, waiting.Run);

        Assert.Empty(report.Changes);
        Assert.Contains("approval.denied", await TextAsync(reeve, waiting.Run));
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task An_answer_to_one_action_approves_no_other()
    {
        await using var reeve = Asking(
            Decision.Ask, "Write(**)",
            Call("write", new { path = "first.txt", content = "x" }),
            Call("write", new { path = "second.txt", content = "x" }));
        var first = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        // The same answer is posted twice: the second one is left over when the next question is asked.
        await host.AnswerAsync(first.Run, null, isApproved: true, "", Stop);
        await host.AnswerAsync(first.Run, null, isApproved: true, "", Stop);
        var second = await ContinueAsync(host, first.Run);
        var again = await ContinueAsync(host, first.Run);

        Assert.Equal(RunStatus.Waiting, second.Status);
        Assert.Equal(RunStatus.Waiting, again.Status);
        Assert.Contains("second.txt", Assert.Single(again.Approvals).Arguments);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [Trait("Req", "GATE-7")]
    public async Task A_question_that_nobody_answered_in_time_is_a_no(bool isLate, bool isAnswered)
    {
        var time = new Storage.ManualTime();
        await using var reeve = Asking(
            Decision.Ask, "Write(a.txt)", Call("write", new { path = "a.txt", content = "x" }));
        reeve.Change = options => options with { Time = time };
        var waiting = await reeve.RunAsync();

        // An answer is as old as the moment in which it is taken; one that is given too late is not even posted.
        if (isAnswered)
        {
            await reeve.AnswerAsync(waiting.Run, isApproved: true);
        }

        time.Advance(TimeSpan.FromMinutes(RunLimits.Default.ApprovalMinutes) + TimeSpan.FromSeconds(isLate ? 1 : -60));

        if (isLate)
        {
            Assert.Equal("approval.expired", (await Assert.ThrowsAsync<ProblemException>(
                () => reeve.AnswerAsync(waiting.Run, isApproved: true))).Problem.Code);
        }

        var report = await reeve.ContinueAsync(waiting.Run);

        Assert.Equal(isLate ? 0 : 1, report.Changes.Count);
        Assert.NotEqual(RunStatus.Waiting, report.Status);
        var texts = await reeve.TextsAsync(waiting.Run);
        Assert.Equal(isLate, texts.Contains("approval.expired", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "GATE-9")]
    public async Task Where_nobody_can_be_asked_what_would_be_asked_is_denied()
    {
        await using var reeve = Asking(Decision.Ask, "Write(a.txt)",
            Call("write", new { path = "a.txt", content = "x" }));
        reeve.ChangeMandate = WithRule(Decision.Ask, "Write(a.txt)", canAsk: false);

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.NotEqual(RunStatus.Waiting, report.Status);
    }

    [Fact]
    [Trait("Req", "GATE-1")]
    public async Task A_mandate_that_cannot_write_cannot_write_through_any_tool()
    {
        await using var reeve = Asking(
            Decision.Allow, "Write(**)", Call("write", new { path = "a.txt", content = "x" }),
            Call("shell", new { command = "echo x > b.txt" }), Call("delete", new { path = "kept.txt" }));
        reeve.Write("kept.txt", "kept");
        reeve.ChangeMandate = mandate => mandate with { Mode = PermissionMode.Plan };

        Assert.Empty((await reeve.RunAsync()).Changes);
    }

    private static ReeveHarness Asking(Decision decision, string rule,
        params System.Text.Json.Nodes.JsonObject[] turns) =>
        new(Of([.. turns, Finishes()])) { ChangeMandate = WithRule(decision, rule, canAsk: true) };

    private static Func<Mandate, Mandate> WithRule(Decision decision, string rule, bool canAsk) => mandate =>
        mandate with { Rules = [RuleSyntax.Parse(rule, decision, RuleTier.User)], CanAsk = canAsk };

    private static async Task<Hosting.Runs.RunReport> ContinueAsync(ReeveHost host, RunKey run)
    {
        await host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop);
        return await host.ReportAsync(run, Stop);
    }

    private static async Task<string> TextAsync(ReeveHarness reeve, RunKey run)
    {
        await using var host = await reeve.OpenAsync();
        var texts = new List<string>();

        await foreach (var shown in host.EntriesAsync(run, 1, Stop))
        {
            texts.AddRange(shown.Texts.Values);
        }

        return string.Join('\n', texts);
    }
}
