using System.Text.Json.Nodes;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>An answer counts for what it was given for: once, for a run, for a folder, for good.</summary>
public sealed class AnswerTests
{
    private static JsonObject[] Twice() =>
    [
        Call("write", new { path = "a.txt", content = "1" }), Call("write", new { path = "a.txt", content = "2" }),
        Call("write", new { path = "b.txt", content = "3" }), Finishes(),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ApprovalScope.Once, 3, 3)]
    [InlineData(ApprovalScope.Session, 2, 2)]
    [InlineData(ApprovalScope.Project, 2, 1)]
    [InlineData(ApprovalScope.Always, 2, 1)]
    [Trait("Req", "GATE-8")]
    public async Task An_answer_saves_as_many_questions_as_its_scope_says(ApprovalScope scope, int first, int next)
    {
        await using var reeve = Manual(Twice());

        var (run, asked) = await AnswerAllAsync(reeve, scope, onlyFirst: true);
        var (_, again) = await AnswerAllAsync(reeve, ApprovalScope.Once, onlyFirst: false);

        // Of the first run the first question got this answer and each later one a plain yes.
        Assert.Equal((first, next), (asked, scope == ApprovalScope.Session ? again - 1 : again));
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(run, Stop))).Fault);
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_rule_for_a_folder_counts_in_no_other()
    {
        await using var reeve = Manual(Twice());
        await AnswerAllAsync(reeve, ApprovalScope.Project, onlyFirst: true);
        var kept = new KeptRules(reeve.Data);

        Assert.Equal(["Edit(a.txt)"], kept.For(reeve.Workspace));
        Assert.Empty(kept.For(reeve.Workspace + "2"));
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task What_is_kept_is_the_rule_that_was_given_and_it_can_be_revoked_in_a_waiting_run_too()
    {
        await using var reeve = Manual(Twice());
        var waiting = await reeve.RunAsync();
        Assert.Equal(["Edit(a.txt)"], Assert.Single(waiting.Approvals).Rules);

        await using var host = await reeve.OpenAsync();
        await host.AnswerAsync(waiting.Run, null, new ApprovalReply(true, ApprovalScope.Always)
        {
            Rules = ["Edit(*.txt)"],
        }, Stop);
        Assert.Equal("Edit(*.txt)", Assert.Single(host.KeptRules()).Rule);
        Assert.Equal(1, await host.RevokeAsync("Edit(*.txt)", Stop));
        var report = await ContinueAsync(host, waiting.Run);

        // The first write was approved itself; the next is asked again, because the rule is gone.
        Assert.Equal(RunStatus.Waiting, report.Status);
        Assert.Contains("\"2\"", Assert.Single(report.Approvals).Arguments);
        Assert.Empty(host.KeptRules());
        Assert.Null((await host.ReplayAsync(waiting.Run, Stop)).Fault);
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    [Trait("Req", "GATE-7")]
    public async Task What_was_allowed_by_an_approval_that_is_gone_is_asked_at_its_dispatch()
    {
        await using var reeve = Manual(
            Calls(("write", new { path = "z.txt", content = "0" }), ("write", new { path = "a.txt", content = "1" })),
            Finishes());
        new KeptRules(reeve.Data).Keep(["Edit(a.txt)"], null, "local-user", DateTimeOffset.UnixEpoch);
        var waiting = await reeve.RunAsync();
        Assert.Contains("z.txt", Assert.Single(waiting.Approvals).Arguments);

        await using var host = await reeve.OpenAsync();
        await host.AnswerAsync(waiting.Run, null, isApproved: true, "", Stop);
        await host.RevokeAsync("Edit(a.txt)", Stop);
        var report = await ContinueAsync(host, waiting.Run);

        Assert.Contains("a.txt", Assert.Single(report.Approvals).Arguments);
        Assert.Null((await host.ReplayAsync(waiting.Run, Stop)).Fault);
    }

    [Theory]
    [InlineData("Edit(b.txt)", "approval.rule_mismatch")]
    [InlineData("Edit(", "rule.invalid")]
    [Trait("Req", "GATE-8")]
    public async Task A_rule_that_does_not_cover_what_is_asked_is_refused(string rule, string code)
    {
        await using var reeve = Manual(Twice());
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => host.AnswerAsync(
            waiting.Run, null, new ApprovalReply(true, ApprovalScope.Always) { Rules = [rule] }, Stop));

        Assert.Equal(code, refusal.Problem.Code);
        Assert.Empty(host.KeptRules());
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_no_tells_the_model_why()
    {
        await using var reeve = Manual(Twice());
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        await host.AnswerAsync(
            waiting.Run, null, new ApprovalReply(false) { Said = "Use the folder docs instead." }, Stop);
        await ContinueAsync(host, waiting.Run);
        var told = (await reeve.EntriesAsync(waiting.Run)).Where(shown => shown.Entry.Body
            is Kernel.Journal.Events.ToolFinished).SelectMany(shown => shown.Texts.Values);

        Assert.Contains(told, text => text.Contains("Use the folder docs instead.", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task An_approval_of_a_program_does_not_bring_what_is_typed_behind_it()
    {
        await using var reeve = Manual(
            Call("shell", new { command = "touch one" }), Call("shell", new { command = "touch one && touch two" }),
            Finishes());
        new KeptRules(reeve.Data).Keep(["Bash(touch one)"], null, "local-user", DateTimeOffset.UnixEpoch);

        var report = await reeve.RunAsync();

        Assert.Equal(["allow", "ask"], (await reeve.WithHostAsync(host => host.DecisionsAsync(report.Run, Stop)))
            .Select(decision => decision.Decision));
        Assert.Equal(["Bash(=touch one && touch two)"], Assert.Single(report.Approvals).Rules);
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_standing_approval_allows_nothing_that_is_denied()
    {
        await using var reeve = Manual(Twice());
        new KeptRules(reeve.Data).Keep(["Edit(**)"], null, "local-user", DateTimeOffset.UnixEpoch);
        Configure(reeve, ("REEVE_PERMISSIONS__MODE", "manual"), ("REEVE_PERMISSIONS__RULES__DENY", "Write(a.txt)"));

        var report = await reeve.RunAsync();

        Assert.Equal(["b.txt"], report.Changes.Select(change => change.Path));
    }

    [Theory]
    [InlineData("deny", RunStatus.Unverified, 2, "")]
    [InlineData("halt", RunStatus.Failed, 0, "approval.expired")]
    [InlineData("park", RunStatus.Waiting, 0, "approval")]
    [Trait("Req", "GATE-7")]
    public async Task What_happens_to_a_question_that_nobody_answers_is_configured(
        string onTimeout, RunStatus status, int changes, string reason)
    {
        var time = new ManualTime();
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "1" }), Call("write", new { path = "b.txt", content = "1" }),
            Call("write", new { path = "c.txt", content = "1" }), Finishes()));
        Configure(
            reeve, time, ("REEVE_PERMISSIONS__RULES__ASK", "Write(a.txt)"), ("REEVE_APPROVALS__ON_TIMEOUT", onTimeout),
            ("REEVE_APPROVALS__TIMEOUT_MINUTES", "30"));
        var waiting = await reeve.RunAsync();
        Assert.Equal(RunStatus.Waiting, waiting.Status);

        time.Advance(TimeSpan.FromMinutes(31));
        var report = await reeve.ContinueAsync(waiting.Run, Stop);

        Assert.Equal((status, changes), (report.Status, report.Changes.Count));
        Assert.True(reason.Length == 0 || report.Reason == reason);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(waiting.Run, Stop))).Fault);
    }

    [Theory]
    [InlineData(new[] { "ada", "bob" }, true)]
    [InlineData(new[] { "ada", "ada" }, false)]
    [InlineData(new[] { "ada" }, false)]
    [Trait("Req", "GATE-7")]
    public async Task Where_two_persons_are_needed_one_is_not_enough(string[] people, bool happens)
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "1" }), Finishes()));
        Configure(reeve, ("REEVE_APPROVALS__TWO_PERSONS", "Write(a.txt)"));
        var run = (await reeve.RunAsync()).Run;

        foreach (var person in people)
        {
            await using var host = await reeve.OpenAsync();
            var refusal = await Record.ExceptionAsync(() => host.AnswerAsync(
                run, null, new ApprovalReply(true) { By = person }, Stop));
            Assert.True(refusal is null || person == people[0]);
            await ContinueAsync(host, run);
        }

        var report = await reeve.ContinueAsync(run, Stop);
        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Equal(!happens, report.Status == RunStatus.Waiting);
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task What_needs_two_persons_is_approved_for_one_action_only()
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "1" }), Finishes()));
        new KeptRules(reeve.Data).Keep(["Edit(a.txt)"], null, "local-user", DateTimeOffset.UnixEpoch);
        Configure(reeve, ("REEVE_APPROVALS__TWO_PERSONS", "Write(a.txt)"));
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => host.AnswerAsync(
            waiting.Run, null, new ApprovalReply(true, ApprovalScope.Always) { Rules = ["Edit(a.txt)"] }, Stop));

        Assert.Equal("approval.once_only", refusal.Problem.Code);
        Assert.Equal(2, Assert.Single(waiting.Approvals).PersonsLeft);
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task The_run_that_asks_never_answers_itself()
    {
        await using var reeve = Manual(Twice());
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        await host.AnswerAsync(
            waiting.Run, null, new ApprovalReply(true) { By = $"run:{waiting.Run.Run}" }, Stop);
        var report = await ContinueAsync(host, waiting.Run);

        Assert.Equal(RunStatus.Waiting, report.Status);
        Assert.Empty(report.Changes);
    }

    /// <summary>Carries a run to its end, answering each question, and counts them.</summary>
    private static async Task<(RunKey Run, int Asked)> AnswerAllAsync(
        ReeveHarness reeve, ApprovalScope scope, bool onlyFirst)
    {
        await using var host = await reeve.OpenAsync();
        var run = await reeve.SubmitAsync(host);
        var report = await ContinueAsync(host, run);
        var asked = 0;

        while (report.Status == RunStatus.Waiting)
        {
            var reply = new ApprovalReply(true, onlyFirst && asked > 0 ? ApprovalScope.Once : scope);
            await host.AnswerAsync(run, null, reply, Stop);
            report = await ContinueAsync(host, run);
            asked++;
        }

        return (run, asked);
    }

    private static async Task<RunReport> ContinueAsync(ReeveHost host, RunKey run)
    {
        await host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop);
        return await host.ReportAsync(run, Stop);
    }

    private static ReeveHarness Manual(params JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of(turns));
        Configure(reeve, ("REEVE_PERMISSIONS__MODE", "manual"));
        return reeve;
    }

    internal static void Configure(ReeveHarness reeve, params (string Name, string Value)[] variables) =>
        Configure(reeve, TimeProvider.System, variables);

    internal static void Configure(
        ReeveHarness reeve, TimeProvider time, params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        environment["REEVE_HOME"] = reeve.Data;
        var settings = SettingsReader.Read(environment, "/nonexistent/config.yaml", []);
        var composed = new Hosting.Composition.SettingsComposition(settings, environment, time).Compose();
        reeve.Change = options => options with
        {
            MandateOf = composed.MandateOf, Limits = composed.Limits, Time = time,
        };
    }
}
