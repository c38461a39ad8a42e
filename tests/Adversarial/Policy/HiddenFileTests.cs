using Reeve.Authority.Policy;
using Reeve.Doors.Views;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal.Events;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Policy;

/// <summary>What a rule lets nobody read is not to be had through a command either, and nothing goes missing for
/// it.</summary>
[Collection("sandbox")]
[Trait("Req", "GATE-5")]
[Trait("Req", "GATE-3")]
[Trait("Req", "EXEC-1")]
public sealed class HiddenFileTests
{
    private const string Canary = "canary-5d1e";

    private static readonly string[] s_rules =
        ["Read(.env)", "Read(conf/secret.txt)", "Read(vault/**)", "Read(a/*/deep.key)"];

    public HiddenFileTests() => OrdinaryUser.FailIfRoot();

    /// <summary>Every way first works where no rule is, command after command of one run.</summary>
    public static TheoryData<string, string[]> Ways => new()
    {
        { "plain", ["cat .env"] },
        { "by another file of the same name", ["cat sub/.env"] },
        { "by its path", ["cat conf/secret.txt"] },
        { "in a folder", ["cat vault/inner/key"] },
        { "below a star", ["cat a/b/deep.key"] },
        { "a copy", ["cp .env copy; cat copy"] },
        { "moved, then read", ["mv conf/secret.txt there", "cat there"] },
        { "the folder above the star moved", ["mv a z", "cat z/b/deep.key"] },
        { "the folder moved out and read by a tool", ["mv vault open", "cat open/inner/key"] },
        { "linked hard", ["ln conf/secret.txt hard", "cat hard"] },
        { "linked", ["ln -s conf/secret.txt soft", "cat soft"] },
        { "all there is", ["grep -r canary . || true"] },
        { "archived", ["tar cf - . | strings | grep canary"] },
        { "through proc", ["cat /proc/self/cwd/conf/secret.txt"] },
        { "by its own root", ["cat /proc/self/root/workspace/conf/secret.txt"] },
        { "by another program", ["python3 -c \"print(open('conf/secret.txt').read())\""] },
        { "given away first", ["chmod 777 conf conf/secret.txt", "cat conf/secret.txt"] },
        { "by a program that stays", ["(cd conf; sleep 0.2; cat secret.txt)"] },
    };

    /// <summary>Those ways that depend on whose the tree is.</summary>
    [Theory]
    [InlineData("umount conf/secret.txt; cat conf/secret.txt")]
    [InlineData("chmod 000 conf", "chmod 700 conf; cat conf/secret.txt")]
    [InlineData("mv conf other", "cat other/secret.txt")]
    [Trait("Runs", "AsAnyone")]
    public Task No_owner_of_the_tree_uncovers_it(params string[] lines) =>
        No_command_shows_what_a_rule_lets_nobody_read("as anyone", lines);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_command_shows_what_a_rule_lets_nobody_read(string way, string[] lines)
    {
        _ = way;

        foreach (var kind in new[] { ViewPreference.Copy, ViewPreference.Overlay })
        {
            Assert.Contains(Canary, (await SeenAsync(kind, lines, rules: [])).Seen, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, (await SeenAsync(kind, lines, s_rules)).Seen, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Runs", "AsAnyone")]
    public async Task What_is_hidden_is_neither_missing_from_the_view_nor_changed_in_it(ViewPreference kind)
    {
        var (seen, report) = await SeenAsync(
            kind, ["rm -rf .env vault conf; echo x > .env; ls -A; ls -A conf; echo y > made.txt"], s_rules);

        Assert.Equal("added made.txt", Assert.Single(report.Changes.Select(change => $"{change.Kind} {change.Path}")));
        Assert.Contains(".env", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task A_check_that_the_model_has_rewritten_sees_no_more_than_a_command(ViewPreference kind)
    {
        await using var reeve = Project(kind, s_rules, Checks());
        await using var open = Project(kind, [], Checks());

        Assert.Equal(CheckOutcome.Passed, await OutcomeAsync(open));
        Assert.Equal(CheckOutcome.Failed, await OutcomeAsync(reeve));

        static System.Text.Json.Nodes.JsonObject Checks() =>
            Call("write", new { path = "check.sh", content = "grep -q canary .env" });

        static async Task<CheckOutcome> OutcomeAsync(ReeveHarness reeve) =>
            Assert.Single((await reeve.RunAsync("Do it.", "sh check.sh")).Criteria).Outcome;
    }

    [Fact]
    public async Task More_hidden_paths_than_a_sandbox_can_cover_end_the_command_and_not_the_cover()
    {
        await using var reeve = Project(
            ViewPreference.Copy, ["Read(*.key)"], Call("shell", new { command = "cat 7.key; echo ran" }));

        for (var number = 0; number <= Doors.Processes.SandboxMask.CountMax; number++)
        {
            reeve.Write($"{number}.key", Canary);
        }

        var report = await reeve.RunAsync();
        var seen = await SeenAsync(reeve, report);

        Assert.Contains("sandbox.too_many_hidden", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", seen.Replace("echo ran", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, seen, StringComparison.Ordinal);
    }

    private static async Task<(string Seen, RunReport Report)> SeenAsync(
        ViewPreference kind, string[] lines, string[] rules)
    {
        await using var reeve = Project(kind, rules, [.. lines.Select(line => Call("shell", new { command = line }))]);
        var report = await reeve.RunAsync();

        Assert.True(report.Turns == lines.Length + 1, $"{report.Status} {report.Reason} {report.Problem}");
        Assert.All(
            new[] { ".env", "sub/.env", "conf/secret.txt", "vault/inner/key", "a/b/deep.key" },
            path => Assert.StartsWith(Canary, reeve.Read(path), StringComparison.Ordinal));

        return (await SeenAsync(reeve, report), report);
    }

    private static async Task<string> SeenAsync(ReeveHarness reeve, RunReport report) => string.Join('\n',
        (await reeve.EntriesAsync(report.Run)).Where(shown => shown.Entry.Body is ToolFinished)
            .SelectMany(shown => shown.Texts.Values));

    private static ReeveHarness Project(
        ViewPreference kind, string[] rules, params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of([.. turns, Finishes()]))
        {
            Change = options => options with { View = kind },
            ChangeMandate = mandate => mandate with
            {
                Rules = [.. rules.Select(rule => RuleSyntax.Parse(rule, Decision.Deny, RuleTier.User))],
            },
        };

        foreach (var path in new[] { ".env", "sub/.env", "conf/secret.txt", "vault/inner/key", "a/b/deep.key" })
        {
            reeve.Write(path, $"{Canary} of {path}\n");
        }

        reeve.Write("open.txt", "nothing\n");
        return reeve;
    }
}
