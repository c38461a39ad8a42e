using System.Text;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>A hook of the operator is asked before a tool is started, and can only add to what forbids it.</summary>
public sealed class HookTests
{
    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_that_denies_keeps_the_call_from_happening_and_tells_why()
    {
        var (reeve, model) = Writing(Hook("echo 'not on a Friday' >&2; exit 2"));
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.Contains("refused (hook.denied): A hook of the operator says: \"not on a Friday\"", model.Heard,
            StringComparison.Ordinal);
        var bodies = (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).ToList();
        Assert.Equal(HookAnswer.Deny, Assert.Single(bodies.OfType<HookFinished>()).Answer);
        Assert.Empty(bodies.OfType<ToolStarted>());
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, CancellationToken.None))).Fault);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("echo '{\"decision\":\"allow\"}'")]
    [InlineData("grep -q '\"event\":\"beforeTool\",\"tool\":\"write\"' && exit 0 || exit 2")]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_without_an_opinion_changes_nothing(string script)
    {
        var (reeve, _) = Writing(Hook(script));
        await using var __ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal("a.txt", Assert.Single(report.Changes).Path);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, CancellationToken.None))).Fault);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_yes_of_a_hook_does_not_allow_what_the_gate_denies_or_asks_about()
    {
        var (reeve, model) = Writing(Hook("echo '{\"decision\":\"allow\"}'"));
        await using var _ = reeve;
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [Reeve.Authority.Policy.RuleSyntax.Parse(
                "Write(*)", Reeve.Authority.Policy.Decision.Deny, Reeve.Authority.Policy.RuleTier.User)],
        };

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.Contains("refused (gate.denied)", model.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 1", true)]
    [InlineData("sleep 30", true)]
    [InlineData("echo nonsense", true)]
    [InlineData("echo '{\"decision\":\"yes\"}'", true)]
    [InlineData("exit 1", false)]
    [InlineData("echo nonsense", false)]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_that_fails_hangs_or_says_nonsense_counts_as_configured(string script, bool denies)
    {
        var (reeve, model) = Writing(Hook(script) with { DeniesOnFailure = denies });
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal(denies ? 0 : 1, report.Changes.Count);
        Assert.Equal(denies, model.Heard.Contains("refused (hook.failed)", StringComparison.Ordinal));
        Assert.Equal("hook.failed", Assert.Single(
            (await reeve.EntriesAsync(report.Run)).Select(shown =>
                shown.Entry.Body).OfType<HookFinished>()).ProblemCode);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_can_have_a_person_asked_and_the_answer_holds()
    {
        var (reeve, _) = Writing(Hook("echo '{\"decision\":\"ask\",\"reason\":\"big one\"}'"));
        await using var __ = reeve;

        var waiting = await reeve.RunAsync();
        Assert.Equal(RunStatus.Waiting, waiting.Status);
        Assert.Contains("big one", Assert.Single(waiting.Approvals).Reason, StringComparison.Ordinal);
        await reeve.AnswerAsync(waiting.Run, isApproved: true);
        var report = await reeve.ContinueAsync(waiting.Run);

        Assert.Single(report.Changes);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, CancellationToken.None))).Fault);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task Where_nobody_can_be_asked_a_hook_that_wants_it_denies()
    {
        var (reeve, model) = Writing(Hook("echo '{\"decision\":\"ask\"}'"));
        await using var _ = reeve;
        reeve.ChangeMandate = mandate => mandate with { CanAsk = false };

        Assert.Empty((await reeve.RunAsync()).Changes);

        Assert.Contains("refused (approval.unattended)", model.Heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_hook_runs_in_the_sandbox_and_what_it_writes_is_taken_back()
    {
        var outside = Path.Combine(Path.GetTempPath(), $"reeve-hook-{Environment.ProcessId}");
        var (reeve, _) = Writing(Hook(
            $"touch planted.txt; touch {outside}; test -e /etc/shadow && cat /etc/shadow; exit 0"));
        await using var __ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal("a.txt", Assert.Single(report.Changes).Path);
        Assert.False(File.Exists(outside));
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task What_a_hook_says_is_one_labelled_line_of_bounded_length()
    {
        var (reeve, model) = Writing(Hook(
            "printf 'first\\nsecond \\033]0;pwned\\007 %s' \"$(head -c 5000 /dev/zero | tr '\\0' x)\" >&2; exit 2"));
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        var entries = await reeve.EntriesAsync(report.Run);
        var hook = entries.Single(shown => shown.Entry.Body is HookFinished);
        var reason = hook.Texts[((HookFinished)hook.Entry.Body).Reason];
        var refusal = entries.Single(shown => shown.Entry.Body is ToolFinished { ProblemCode: "hook.denied" });
        Assert.DoesNotContain(reason, char.IsControl);
        Assert.InRange(reason.Length, HookActs.ReasonCharactersMax, HookActs.ReasonCharactersMax + 60);
        Assert.Equal(hook.Entry.Label, refusal.Entry.Label);
        Assert.DoesNotContain("\u001b", model.Heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task Only_calls_it_is_for_are_put_to_a_hook_and_the_strictest_of_several_decides()
    {
        var (reeve, _) = Writing(new HookTerms(
            [Term("shell", "exit 2"), Term("wri*", "exit 0"), Term("write", "echo '{\"decision\":\"ask\"}'"),
                Term("*", "exit 2")],
            DeniesOnFailure: true, CanAsk: true));
        await using var __ = reeve;

        var report = await reeve.RunAsync();

        var hook = Assert.Single((await reeve.EntriesAsync(report.Run)).Select(
            shown => shown.Entry.Body).OfType<HookFinished>());
        Assert.Equal((3, HookAnswer.Deny), (hook.Hooks, hook.Answer));
    }

    private static (ReeveHarness Reeve, ListeningModel Model) Writing(HookTerms hooks)
    {
        var model = new ListeningModel(new ScriptedModel(
            Script.Parse(Encoding.UTF8.GetBytes(Of(Call("write", new { path = "a.txt", content = "a" }),
                Says("Done.")))),
            "test", TimeProvider.System));
        var reeve = new ReeveHarness(model) { Change = options => options with { Hooks = hooks } };
        reeve.Write("there.txt", "t");
        return (reeve, model);
    }

    private static HookTerms Hook(string script) => new([Term("write", script)], DeniesOnFailure: true, CanAsk: true);

    private static HookTerm Term(string match, string script) =>
        new(match, ["/bin/sh", "-c", script], TimeoutSeconds: 2);
}
