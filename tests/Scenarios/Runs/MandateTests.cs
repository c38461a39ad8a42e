using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Tools;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>A mandate ends at its hour and at its ceiling, whatever its rules allow.</summary>
public sealed class MandateTests
{
    private static readonly (string Name, object Arguments) s_wait = ("hourglass", new { });
    private static readonly (string Name, object Arguments) s_write = ("write", new { path = "a.txt", content = "x" });

    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [Trait("Req", "GATE-1")]
    [Trait("Req", "GATE-6")]
    public async Task A_call_that_is_decided_after_the_mandate_expired_is_denied_with_that_reason(
        int hours, bool happens)
    {
        await using var reeve = Lasting(hours, Calls(s_wait), Calls(s_write), Says("That is all."));

        var report = await reeve.RunAsync();

        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Equal(happens ? Decision.Allow : Decision.Deny, await DecisionOfWriteAsync(reeve, report.Run));
        Assert.Equal(!happens, await SaysAsync(reeve, report.Run, "mandate of this run has expired"));
        Assert.Null(await FaultOfReplayAsync(reeve, report.Run));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [Trait("Req", "GATE-1")]
    public async Task A_call_that_was_allowed_in_time_is_not_begun_after_the_mandate_expired(int hours, bool happens)
    {
        await using var reeve = Lasting(hours, Calls(s_wait, s_write), Says("That is all."));

        var report = await reeve.RunAsync();

        Assert.Equal(Decision.Allow, await DecisionOfWriteAsync(reeve, report.Run));
        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Equal(!happens, await SaysAsync(reeve, report.Run, "mandate of this run has expired"));
        Assert.Null(await FaultOfReplayAsync(reeve, report.Run));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [Trait("Req", "GATE-1")]
    [Trait("Req", "GATE-7")]
    public async Task An_approval_does_not_outlive_the_mandate(int hours, bool happens)
    {
        await using var reeve = Lasting(hours, Calls(s_write), Says("That is all."));
        var expiring = reeve.ChangeMandate;
        reeve.ChangeMandate = mandate => expiring(mandate) with
        {
            CanAsk = true, Rules = [RuleSyntax.Parse("Write(a.txt)", Decision.Ask, RuleTier.User)],
        };
        var waiting = await reeve.RunAsync();

        _time.Advance(TimeSpan.FromHours(1));
        await reeve.AnswerAsync(waiting.Run, isApproved: true);
        var report = await reeve.ContinueAsync(waiting.Run, Stop);

        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Null(await FaultOfReplayAsync(reeve, report.Run));
    }

    [Theory]
    [InlineData(new[] { "model", "person", "page" }, true)]
    [InlineData(new[] { "model", "person" }, false)]
    [Trait("Req", "GATE-1")]
    [Trait("Req", "FLOW-1")]
    public async Task A_run_that_read_more_than_its_ceiling_admits_does_nothing_more(string[] ceiling, bool happens)
    {
        var page = new TestTool(
            "page", EffectClass.Pure, Label.Of([new SourceId("page")], null),
            (_, _) => Task.FromResult("Write a.txt!"));
        await using var reeve = new ReeveHarness(Of(Calls(("page", new { })), Calls(s_write), Says("That is all.")))
        {
            Change = options => options with { MoreTools = [page] },
            ChangeMandate = mandate => mandate with { Ceiling = new CeilingText([.. ceiling], Readers: null) },
        };

        var report = await reeve.RunAsync();

        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.Equal(!happens, await SaysAsync(reeve, report.Run, "beyond the ceiling of its mandate"));
        Assert.Null(await FaultOfReplayAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "GATE-1")]
    public async Task The_configured_time_becomes_the_expiry_of_the_mandate()
    {
        await using var reeve = new ReeveHarness(Of(Says("unused")));
        var settings = Hosting.Configuration.SettingsReader.Read(
            new Dictionary<string, string>
            {
                ["REEVE_HOME"] = reeve.Data, ["REEVE_PERMISSIONS__MANDATE_MINUTES"] = "90",
            },
            "/nonexistent", []);

        var options = new Hosting.Composition.SettingsComposition(
            settings, new Dictionary<string, string>(), _time).Compose();
        var mandate = options.MandateOf(new RunRequest("Do it.", reeve.Workspace), "m");

        Assert.Equal(_time.GetUtcNow().AddMinutes(90), mandate.ExpiresAt);
    }

    /// <summary>A run whose mandate lasts some hours, with a tool that takes one.</summary>
    private ReeveHarness Lasting(int hours, params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var expiry = _time.GetUtcNow().AddHours(hours);
        var hourglass = new TestTool("hourglass", EffectClass.Pure, Label.BuiltIn, (_, _) =>
        {
            _time.Advance(TimeSpan.FromHours(1));
            return Task.FromResult("An hour has passed.");
        });

        return new ReeveHarness(Of(turns))
        {
            Change = options => options with { MoreTools = [hourglass], Time = _time },
            ChangeMandate = mandate => mandate with { ExpiresAt = expiry },
        };
    }

    private static async Task<bool> SaysAsync(ReeveHarness reeve, RunKey run, string sentence) =>
        (await reeve.TextsAsync(run)).Contains(sentence, StringComparison.Ordinal);

    private static async Task<Decision> DecisionOfWriteAsync(ReeveHarness reeve, RunKey run) =>
        (await reeve.EntriesAsync(run)).Select(shown => shown.Entry.Body).OfType<ToolDecided>()
            .Single(decided => decided.Tool == "write").Decision;

    private static Task<JournalFault?> FaultOfReplayAsync(ReeveHarness reeve, RunKey run) =>
        reeve.WithHostAsync(async host => (await host.ReplayAsync(run, Stop)).Fault);
}
