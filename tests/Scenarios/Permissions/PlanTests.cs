using System.Text.Json.Nodes;
using Reeve.Authority.Policy;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>A plan that a person approved once: inside it nothing is asked, outside it all is as before.</summary>
public sealed class PlanTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task Inside_an_approved_plan_nothing_is_asked_and_outside_it_everything_is()
    {
        await using var reeve = Manual(
            Plan(minutes: 30), Call("write", new { path = "src/a.txt", content = "1" }),
            Call("shell", new { command = "touch made" }), Call("write", new { path = "other.txt", content = "1" }),
            Finishes());

        var asked = await reeve.RunAsync();
        Assert.Contains("src/**", Assert.Single(asked.Approvals).Arguments, StringComparison.Ordinal);
        Assert.Empty(asked.Changes);
        await reeve.AnswerAsync(asked.Run, isApproved: true);
        var report = await reeve.ContinueAsync(asked.Run, Stop);

        var decisions = await reeve.WithHostAsync(host => host.DecisionsAsync(asked.Run, Stop));
        Assert.Equal(
            [
                "ask mandate: manual", "allow approved Edit(src/**)", "allow approved Bash(touch made)",
                "ask mandate: manual",
            ],
            decisions.Select(decision => $"{decision.Decision} {decision.Rule}"));
        Assert.Contains("other.txt", Assert.Single(report.Approvals).Arguments, StringComparison.Ordinal);
        var extended = (await reeve.EntriesAsync(asked.Run)).Single(shown => shown.Entry.Body is ApprovalExtended);
        Assert.Contains("Edit(src/**)\nBash(touch made)", extended.Texts.Values);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(asked.Run, Stop))).Fault);
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_that_was_denied_allows_nothing()
    {
        await using var reeve = Manual(
            Plan(minutes: 30), Call("write", new { path = "src/a.txt", content = "1" }), Finishes());
        var asked = await reeve.RunAsync();

        await reeve.AnswerAsync(asked.Run, isApproved: false);
        var report = await reeve.ContinueAsync(asked.Run, Stop);

        Assert.Empty(report.Changes);
        Assert.Contains("src/a.txt", Assert.Single(report.Approvals).Arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_ends_at_its_hour(int minutes, bool counts)
    {
        var time = new ManualTime();
        var hourglass = new TestTool(
            "hourglass", Kernel.Tools.EffectClass.Pure, Reeve.Authority.Labels.Label.BuiltIn, (_, _) =>
            {
                time.Advance(TimeSpan.FromMinutes(minutes));
                return Task.FromResult("Time has passed.");
            });
        await using var reeve = Manual(
            Plan(minutes: 30), Call("hourglass", new { }), Call("write", new { path = "src/a.txt", content = "1" }),
            Finishes());
        AnswerTests.Configure(reeve, time, ("REEVE_PERMISSIONS__MODE", "manual"));
        var composed = reeve.Change;
        reeve.Change = options => composed(options) with { MoreTools = [hourglass] };
        var asked = await reeve.RunAsync();

        await reeve.AnswerAsync(asked.Run, isApproved: true);
        var report = await reeve.ContinueAsync(asked.Run, Stop);

        Assert.Equal(counts, report.Changes.Any(change => change.Path == "src/a.txt"));
        Assert.Equal(!counts, report.Status == RunStatus.Waiting);
    }

    [Theory]
    [InlineData(100.0, true)]
    [InlineData(0.000000001, false)]
    [InlineData(0.0, true)]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_ends_when_its_money_is_spent(double dollars, bool counts)
    {
        await using var reeve = Manual(
            Plan(minutes: 30, (decimal)dollars), Call("write", new { path = "src/a.txt", content = "1" }), Finishes());
        var asked = await reeve.RunAsync();

        await reeve.AnswerAsync(asked.Run, isApproved: true);
        var report = await reeve.ContinueAsync(asked.Run, Stop);

        Assert.Equal(counts, report.Changes.Any(change => change.Path == "src/a.txt"));
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_allows_nothing_that_a_rule_denies_and_no_further_plan()
    {
        await using var reeve = Manual(
            Plan(minutes: 30), Call("write", new { path = "src/secret.txt", content = "1" }), Plan(minutes: 60),
            Finishes());
        AnswerTests.Configure(
            reeve, ("REEVE_PERMISSIONS__MODE", "manual"), ("REEVE_PERMISSIONS__RULES__DENY", "Write(src/secret.txt)"));
        var asked = await reeve.RunAsync();

        await reeve.AnswerAsync(asked.Run, isApproved: true);
        var report = await reeve.ContinueAsync(asked.Run, Stop);

        Assert.Empty(report.Changes);
        Assert.Equal(PlanProposal.ToolName, Assert.Single(report.Approvals).Tool);
    }

    [Theory]
    [InlineData("""{"purpose":"x","files":["/etc/**"],"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["../**"],"minutes":5}""")]
    [InlineData("""{"purpose":"x","hosts":["a b"],"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"minutes":0}""")]
    [InlineData("""{"purpose":"x","files":["a"],"minutes":1441}""")]
    [InlineData("""{"purpose":"x","files":[],"minutes":5}""")]
    [InlineData("""{"purpose":"","files":["a"],"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"minutes":5,"mode":"auto"}""")]
    [InlineData("""{"purpose":7,"files":["a"],"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"dollars":-1,"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"dollars":1000000.01,"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"dollars":79228162514264337593543950335,"minutes":5}""")]
    [InlineData("""{"purpose":"x","files":["a"],"files":["**"],"minutes":5}""")]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_that_makes_no_sense_is_refused_before_anybody_is_asked(string arguments)
    {
        await using var reeve = Manual(
            Calls((PlanProposal.ToolName, JsonNode.Parse(arguments)!)), Says("That is all."));

        var report = await reeve.RunAsync();

        Assert.Empty(report.Approvals);
        Assert.Contains(
            await reeve.WithHostAsync(host => host.DecisionsAsync(report.Run, Stop)),
            decision => decision is { Tool: PlanProposal.ToolName, Decision: "deny" });
    }

    [Fact]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_with_more_rules_than_a_person_can_read_is_refused()
    {
        foreach (var (count, isAsked) in new[] { (PlanProposal.RulesMax, true), (PlanProposal.RulesMax + 1, false) })
        {
            await using var reeve = Manual(
                Call(PlanProposal.ToolName, new
                {
                    purpose = "Many", files = Enumerable.Range(0, count).Select(index => $"{index}.txt"), minutes = 5,
                }),
                Says("That is all."));

            Assert.Equal(isAsked, (await reeve.RunAsync()).Approvals.Count == 1);
        }
    }

    [Theory]
    [InlineData(PlanProposal.PurposeCharsMax, 5, true)]
    [InlineData(PlanProposal.PurposeCharsMax + 1, 5, false)]
    [InlineData(1, PlanProposal.MinutesMax, true)]
    [InlineData(1, PlanProposal.MinutesMax + 1, false)]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_longer_than_a_day_or_than_a_page_is_refused(int letters, int minutes, bool isAsked)
    {
        await using var reeve = Manual(
            Call(PlanProposal.ToolName, new { purpose = new string('x', letters), files = new[] { "a" }, minutes }),
            Says("That is all."));

        Assert.Equal(isAsked, (await reeve.RunAsync()).Approvals.Count == 1);
    }

    [Theory]
    [InlineData("""{"purpose":"x","files":["\u002a\u002A"],"minutes":5}""", true)]
    [InlineData("""{"purpose":"x","minutes":5, SPACES "files":["**"]}""", true)]
    [InlineData("""{"purpose":"x", "files":["**"],"minutes":5}""", false)]
    [Trait("Req", "GATE-8")]
    public async Task A_plan_is_shown_as_it_will_be_granted_however_it_was_written(string arguments, bool isHidden)
    {
        arguments = arguments.Replace("SPACES", new string('\n', 400), StringComparison.Ordinal);
        await using var reeve = Manual(
            new JsonObject
            {
                ["reply"] = new JsonObject
                {
                    ["calls"] = new JsonArray(new JsonObject
                    {
                        ["name"] = PlanProposal.ToolName, ["raw"] = arguments,
                    }),
                },
            },
            Says("That is all."));

        var asked = Assert.Single((await reeve.RunAsync()).Approvals);

        Assert.Equal(arguments, asked.Arguments);
        Assert.Equal(isHidden, asked.Reason.Contains("\"files\":[\"**\"]", StringComparison.Ordinal));
    }

    private static JsonObject Plan(int minutes, decimal dollars = 0) => Call(PlanProposal.ToolName, new
    {
        purpose = "Move the sources.", files = new[] { "src/**" }, commands = new[] { "touch made" }, dollars, minutes,
    });

    private static ReeveHarness Manual(params JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of(turns));
        AnswerTests.Configure(reeve, ("REEVE_PERMISSIONS__MODE", "manual"));
        return reeve;
    }
}
