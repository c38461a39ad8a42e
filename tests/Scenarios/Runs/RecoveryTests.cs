using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Views;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Recovery;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Each class of errors has its action, bounded, in the journal with both, and nothing that must not happen
/// twice does.</summary>
[Trait("Req", "ORCH-11")]
public sealed class RecoveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("busy", 6, 0, "RateLimit Retry, Network Retry, Network Retry")]
    [InlineData("cut", 4, 0, "Network Retry")]
    [InlineData("pause", 4, 0, "Timeout Retry")]
    [InlineData("garbled", 5, 0, "Parse Retry, Parse Retry")]
    [InlineData("broken", 3, 11, "Parse Retry, Parse Retry, Parse Escalate")]
    [InlineData("refuses", 1, 11, "Authentication Escalate")]
    [InlineData("rejects", 1, 11, "Other Escalate")]
    [InlineData("long", 5, 0, "Resources Reset")]
    public async Task A_failing_server_is_met_by_the_action_of_its_class(
        string scenario, int requests, int exitCode, string actions)
    {
        using var reeve = ForeignRun.Folder();
        using var server = await ModelServerProcess.ForeignAsync(reeve, scenario);
        reeve.Environment["REEVE_MODELS__SILENCE_SECONDS"] = "2";
        reeve.Environment["REEVE_LIMITS__ATTEMPTS"] = scenario == "broken" ? "3" : "5";

        var ended = await reeve.RunAsync(
            "Mend it.", "--model", server.Lend(reeve, "anthropic"), "--accept", ForeignRun.Accept);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(actions, string.Join(", ", await ActionsAsync(reeve)));
        Assert.Equal(requests, (await server.EndAsync()).Count(letter => letter == '\n'));
        Assert.Equal(0, (await reeve.RunAsync("replay")).ExitCode);
        Assert.Equal(0, (await reeve.RunAsync("journal", "verify")).ExitCode);
        Assert.Empty(Directory.EnumerateFiles(reeve.Root, "evil", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_server_that_never_can_read_the_conversation_is_given_up_after_the_bound()
    {
        using var reeve = ForeignRun.Folder();
        using var server = await ModelServerProcess.ForeignAsync(reeve, "toolong");

        var ended = await reeve.RunAsync("Mend it.", "--model", server.Lend(reeve, "anthropic"));

        var actions = await ActionsAsync(reeve);
        Assert.Equal(11, ended.ExitCode);
        Assert.Equal("Resources Escalate", actions[^1]);
        Assert.InRange(actions.Count(action => action == "Resources Reset"), 0, Recoveries.ResetsMax);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_followed_by_the_next_of_the_chain()
    {
        using var reeve = ForeignRun.Folder();
        using var second = await ModelServerProcess.ForeignAsync(reeve, "honest");
        second.Lend(reeve, "anthropic");
        reeve.Environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1";
        reeve.Environment["REEVE_MODELS__FALLBACK"] = "anthropic/any";
        reeve.Environment["REEVE_LIMITS__ATTEMPTS"] = "2";

        var ended = await reeve.RunAsync("Mend it.", "--model", "openai/any", "--accept", ForeignRun.Accept);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["Network Retry", "Network Fallback"], await ActionsAsync(reeve));
        Assert.Equal(3, (await second.EndAsync()).Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData(EffectClass.Pure, "net.unreachable", 2, 3, "Network Retry, Network Retry")]
    [InlineData(EffectClass.Pure, "net.timeout", 1, 2, "Timeout Retry")]
    [InlineData(EffectClass.Idempotent, "net.cut_off", 2, 3, "Network Retry, Network Retry")]
    [InlineData(EffectClass.Pure, "net.unreachable", 50, Recoveries.ToolAttemptsMax, "Network Retry, Network Retry")]
    [InlineData(EffectClass.Once, "net.timeout", 50, 1, "")]
    [InlineData(EffectClass.Queryable, "net.cut_off", 50, 1, "")]
    [InlineData(EffectClass.Pure, "net.rate_limited", 50, 1, "")]
    [InlineData(EffectClass.Pure, "argument.invalid", 50, 1, "")]
    public async Task A_failing_tool_is_asked_again_only_where_its_effect_class_allows_it(
        EffectClass effectClass, string code, int failures, int calls, string actions)
    {
        var made = 0;
        var tool = new TestTool("flaky", effectClass, Label.BuiltIn, (_, _) => ++made <= failures
            ? throw new ProblemException(new Problem(code, "Not now.", IsRetryable: true))
            : Task.FromResult("worked"));
        await using var reeve = With(tool);

        var report = await reeve.RunAsync();
        var bodies = (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).ToList();

        Assert.Equal(calls, made);
        Assert.Equal(actions, string.Join(", ", bodies.OfType<ToolRecovering>().Select(
            recovering => $"{recovering.Class} {recovering.Action}")));
        var finished = bodies.OfType<ToolFinished>().First();
        Assert.Equal(calls > failures ? ToolOutcome.Done : ToolOutcome.Refused, finished.Outcome);
        Assert.Equal(calls + 1, report.Bill.ToolCalls);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, Stop))).Fault);
    }

    [Fact]
    [Trait("Req", "RUN-4")]
    public async Task What_a_broken_tool_left_in_the_tree_is_taken_back_before_it_is_called_again()
    {
        var (made, found) = (0, new List<bool>());
        var reeve = default(ReeveHarness);
        var tool = new TestTool("breaks", EffectClass.Contained, Label.BuiltIn, (_, _) =>
        {
            // The first call wrote this file, so it lies where the tree of the run is.
            var tree = Path.GetDirectoryName(Directory.EnumerateFiles(
                reeve!.Data, "made.txt", SearchOption.AllDirectories).Single())!;
            found.Add(File.Exists(Path.Combine(tree, "half.txt")));
            File.WriteAllText(Path.Combine(tree, "half.txt"), "half");
            return ++made < 3 ? throw new InvalidOperationException("a bug") : Task.FromResult("worked");
        });
        reeve = new ReeveHarness(Of(
            Call("write", new { path = "made.txt", content = "made" }), Call("breaks", new { }), Finishes()))
        {
            Change = options => options with { MoreTools = [tool], View = ViewPreference.Copy },
        };
        await using var ending = reeve;

        var report = await reeve.RunAsync();
        var bodies = (await reeve.EntriesAsync(report.Run)).Select(shown => shown.Entry.Body).ToList();

        Assert.Equal([false, false, false], found);
        Assert.Equal(2, bodies.OfType<ToolRecovering>().Count(recovering => recovering is
            { Class: ErrorClass.Broken, Action: RecoveryAction.RestoreCheckpoint, Code: "internal" }));
        Assert.Equal(2, bodies.OfType<ViewRestored>().Count());
        Assert.Equal(ToolOutcome.Done, bodies.OfType<ToolFinished>().ElementAt(1).Outcome);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, Stop))).Fault);
    }

    [Fact]
    public async Task What_cannot_be_paid_again_is_not_made_again()
    {
        var made = 0;
        await using var reeve = With(new TestTool("flaky", EffectClass.Pure, Label.BuiltIn, (_, _) =>
        {
            made++;
            throw new ProblemException(new Problem("net.timeout", "Not now.", IsRetryable: true));
        }));
        reeve.Limits = reeve.Limits with { Budget = reeve.Limits.Budget with { ToolCalls = 1 } };

        var report = await reeve.RunAsync();

        Assert.Equal(1, made);
        Assert.Equal("budget.tool_calls", report.Reason);
    }

    [Fact]
    public void Every_class_has_a_row_and_the_guide_shows_them()
    {
        var guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Runs", "recovery.md"));

        Assert.Equal(Enum.GetValues<ErrorClass>().Order(), Recoveries.Table.Select(row => row.Class).Order());
        Assert.All(Recoveries.Lines(), line => Assert.Contains(line, guide, StringComparison.Ordinal));
    }

    private static ReeveHarness With(ITool tool) => new(Of(Call(tool.Spec.Name, new { }), Finishes()))
    {
        Change = options => options with { MoreTools = [tool] },
    };

    /// <summary>Class and action of each failure, as the journal tells them to a program.</summary>
    private static async Task<List<string>> ActionsAsync(CommandProcess reeve)
    {
        var lines = (await reeve.RunAsync("show", "--journal", "--json")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var actions = new List<string>();

        foreach (var line in lines)
        {
            using var entry = JsonDocument.Parse(line);

            if (entry.RootElement.GetProperty("type").GetString() == "model.failed")
            {
                var body = entry.RootElement.GetProperty("body");
                actions.Add($"{body.GetProperty("class").GetString()} {body.GetProperty("action").GetString()}");
            }
        }

        return actions;
    }
}
