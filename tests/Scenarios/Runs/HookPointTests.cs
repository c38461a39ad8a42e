using System.Text;
using System.Text.Json.Nodes;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Hooks behind a call, at a prompt, at the end and at a summary; at each they can only tighten.</summary>
public sealed class HookPointTests
{
    private const string Secret = "the-weather-on-the-moon";

    private static string Long { get; } = string.Concat(Enumerable.Repeat(Secret + "\n", 20_000));

    [Theory]
    [InlineData("exit 0", true)]
    [InlineData("echo '{\"decision\":\"allow\"}'", true)]
    [InlineData("grep -q '\"outcome\":\"done\",\"observation\":\".*moon' && exit 2 || exit 0", false)]
    [InlineData("echo '{\"decision\":\"deny\"}'", false)]
    [InlineData("echo '{\"decision\":\"ask\"}'", false)]
    [InlineData("exit 1", false)]
    [Trait("Req", "EXT-6")]
    public async Task What_came_of_a_call_reaches_the_model_unless_a_hook_withholds_it(string script, bool isShown)
    {
        var (reeve, model) = Asking(
            None with { AfterTool = [Term("read", script)] }, Call("read", new { path = "there.txt" }), Says("Done."));
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal(isShown, model.Heard.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(!isShown, model.Heard.Contains("withheld (hook.", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Succeeded, report.Status);
        await AssertReplaysAsync(reeve, report.Run);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_call_whose_result_is_withheld_has_happened_and_nothing_recalls_the_result()
    {
        var first = Calls(("write", new { path = "a.txt", content = "a" }), ("read", new { path = "long.txt" }));
        var (open, heard) = Asking(None with { AfterTool = [Term("read", "exit 0")] }, first, Says("Done."));
        await using var _ = open;
        open.Write("long.txt", Long);
        open.Limits = open.Limits with { ObservationTokens = 200 };
        await open.RunAsync();
        var name = heard.Heard.Split("the recall tool shows them, name \"")[1].Split('"')[0];

        var (reeve, model) = Asking(
            None with { AfterTool = [Term("read", "echo 'too much' >&2; touch planted.txt; exit 2")] },
            first.DeepClone().AsObject(), Call("recall", new { name, from = 0 }), Says("Done."));
        await using var __ = reeve;
        reeve.Write("long.txt", Long);
        reeve.Limits = reeve.Limits with { ObservationTokens = 200 };

        var report = await reeve.RunAsync();

        Assert.Equal("a.txt", Assert.Single(report.Changes).Path);
        Assert.Contains(Secret, heard.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, model.Heard, StringComparison.Ordinal);
        Assert.Contains("A hook of the operator says: \"too much\"", model.Heard, StringComparison.Ordinal);
        var hooks = (await BodiesAsync(reeve, report.Run)).Where(hook => hook.Hooks > 0).ToList();
        Assert.Equal(HookPoints.AfterTool, Assert.Single(hooks).Point);
        await AssertReplaysAsync(reeve, report.Run);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_goal_that_a_hook_refuses_is_not_worked_on_and_the_reason_is_the_result()
    {
        var (reeve, model) = Asking(
            None with { Prompt = [Term("*", "grep -q '\"event\":\"prompt\",\"text\":\"Do it' || exit 0; "
                + "echo 'not today' >&2; exit 2")] },
            Call("write", new { path = "a.txt", content = "a" }), Says("Done."));
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.Failed, "hook.denied"), (report.Status, report.Reason));
        Assert.Empty(report.Changes);
        Assert.Empty(model.Heard);
        Assert.Contains("not today", await reeve.TextsAsync(report.Run), StringComparison.Ordinal);
        await AssertReplaysAsync(reeve, report.Run);

        Assert.Equal(RunStatus.Succeeded, (await reeve.RunAsync("Say hello.", "true")).Status);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_message_that_a_hook_refuses_never_reaches_the_model_and_the_run_goes_on()
    {
        var (reeve, model) = Asking(
            None with
            {
                Prompt = [Term("*", "grep -q moonshine && exit 2; echo more; exit 0")], DeniesOnFailure = false,
            },
            Says("Done."));
        await using var _ = reeve;

        var run = await reeve.WithHostAsync(async host =>
        {
            var submitted = await reeve.SubmitAsync(host);
            await host.SayAsync(submitted, "Make moonshine.", CancellationToken.None);
            await host.SayAsync(submitted, "Make lemonade.", CancellationToken.None);
            return submitted;
        });
        var report = await reeve.ContinueAsync(run);

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.DoesNotContain("moonshine", model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("more", model.Heard.Split("Do it.")[1], StringComparison.Ordinal);
        Assert.Contains("Make lemonade.", model.Heard, StringComparison.Ordinal);
        Assert.Equal(
            [HookAnswer.NoOpinion, HookAnswer.Deny, HookAnswer.NoOpinion],
            (await BodiesAsync(reeve, run)).Select(hook => hook.Answer));
        await AssertReplaysAsync(reeve, run);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task An_end_that_a_hook_does_not_accept_is_given_back_with_the_reason()
    {
        var (reeve, model) = Asking(
            None with { Stop = [Term("*", "test -e b.txt && exit 0; touch b.txt; echo 'b is missing' >&2; exit 2")] },
            Call("write", new { path = "a.txt", content = "a" }), Says("Done."),
            Call("write", new { path = "b.txt", content = "b" }), Says("Done now."));
        await using var _ = reeve;

        var report = await reeve.RunAsync("Do it.", "true");

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.Equal(["a.txt", "b.txt"], report.Changes.Select(change => change.Path).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await reeve.EntriesAsync(report.Run)).Count(shown => shown.Entry.Body is CheckFinished));
        Assert.Contains("\"b is missing\" Mend it, then finish again.", model.Heard, StringComparison.Ordinal);
        await AssertReplaysAsync(reeve, report.Run);
    }

    [Theory]
    [InlineData("exit 2", "hook.denied", 0)]
    [InlineData("exit 2", "hook.denied", 1)]
    [InlineData("exit 7", "hook.failed", 1)]
    [Trait("Req", "EXT-6")]
    public async Task An_end_that_is_never_accepted_is_unverified_when_the_rounds_are_used_up(
        string script, string reason, int rounds)
    {
        var (reeve, _) = Asking(
            None with { Stop = [Term("*", script)], StopRounds = rounds },
            [.. Enumerable.Range(0, HookTerms.StopRoundsMax).Select(_ => Says("Done."))]);
        await using var __ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal((RunStatus.Unverified, reason), (report.Status, report.Reason));
        Assert.Equal(rounds + 1, (await BodiesAsync(reeve, report.Run)).Count);
        await AssertReplaysAsync(reeve, report.Run);
    }

    [Theory]
    [InlineData("exit 0", true)]
    [InlineData("exit 2", false)]
    [Trait("Req", "EXT-6")]
    public async Task A_summary_is_made_without_a_model_where_a_hook_says_no(string script, bool asksModel)
    {
        var (reeve, model) = Asking(
            None with { Compaction = [Term("*", script)] },
            [.. Enumerable.Range(0, 6).Select(part => Call("read", new { path = $"long{part}.txt" })), Says("Done.")]);
        await using var _ = reeve;
        reeve.Limits = reeve.Limits with { ContextTokens = 16_000, OutputTokens = 1_000 };

        foreach (var part in Enumerable.Range(0, 6))
        {
            reeve.Write($"long{part}.txt", string.Join('\n',
                Enumerable.Range(0, 900).Select(line => $"line {line} of {part}")));
        }

        var report = await reeve.RunAsync();

        var entries = (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).ToList();
        Assert.Equal(asksModel, model.Heard.Contains("Summarise the record above.", StringComparison.Ordinal));
        Assert.NotEmpty(entries.OfType<ContextCompacted>());
        Assert.Equal(
            entries.OfType<ContextCompacted>().Count(), entries.OfType<HookFinished>().Count());
        await AssertReplaysAsync(reeve, report.Run);
    }

    [Fact]
    [Trait("Req", "EXT-6")]
    public async Task A_run_without_hooks_names_none_of_them()
    {
        var (reeve, _) = Asking(None, Says("Done."));
        await using var __ = reeve;
        reeve.Change = options => options;

        var report = await reeve.RunAsync();

        var admitted = (RunAdmitted)(await reeve.EntriesAsync(report.Run))[0].Entry.Body;
        var text = Encoding.UTF8.GetString(EventTypes.Encode(admitted));
        Assert.DoesNotContain("laterHooks", text, StringComparison.Ordinal);
        Assert.DoesNotContain("stopRounds", text, StringComparison.Ordinal);
    }

    private static HookTerms None { get; } = new([], DeniesOnFailure: true, CanAsk: true) { StopRounds = 1 };

    private static async Task AssertReplaysAsync(ReeveHarness reeve, RunKey run) =>
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(run, CancellationToken.None))).Fault);

    private static async Task<List<HookFinished>> BodiesAsync(ReeveHarness reeve, RunKey run) =>
        [.. (await reeve.EntriesAsync(run)).Select(shown => shown.Entry.Body).OfType<HookFinished>()];

    private static (ReeveHarness Reeve, ListeningModel Model) Asking(HookTerms hooks, params JsonObject[] script)
    {
        var model = new ListeningModel(new ScriptedModel(
            Script.Parse(Encoding.UTF8.GetBytes(Of(script))), "test", TimeProvider.System));
        var reeve = new ReeveHarness(model) { Change = options => options with { Hooks = hooks } };
        reeve.Write("there.txt", Secret);
        return (reeve, model);
    }

    private static HookTerm Term(string match, string script) =>
        new(match, ["/bin/sh", "-c", script], TimeoutSeconds: 5);
}
