using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>The gate asked about what it once said, and about what other rules would say.</summary>
public sealed class PolicyHistoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-6")]
    public async Task A_recorded_decision_says_its_rule_tier_mandate_and_label()
    {
        using var table = await RunOnceAsync();
        var first = await table.RunAsync(Stop, "policy", "explain", "last", "1", "--json");
        var numbers = first.Error.Split("these are: ")[1].TrimEnd('.', '\n').Split(", ");

        var denied = (await table.RunAsync(Stop, "policy", "explain", "last", numbers[1], "--json")).Json;
        var allowed = (await table.RunAsync(Stop, "policy", "explain", "last", numbers[0], "--json")).Json;
        var words = await table.RunAsync(Stop, "policy", "explain", "last", numbers[1]);

        Assert.Equal(("deny", "deny Write(b.txt)", "user"), (
            denied.GetProperty("verdict").GetString(), denied.GetProperty("rule").GetString(),
            denied.GetProperty("tier").GetString()));
        Assert.Equal(("allow", "mandate: auto", "mandate", "auto"), (
            allowed.GetProperty("verdict").GetString(), allowed.GetProperty("rule").GetString(),
            allowed.GetProperty("tier").GetString(), allowed.GetProperty("mode").GetString()));
        Assert.Equal(16, denied.GetProperty("mandate").GetString()!.Length);
        Assert.Contains("person", denied.GetProperty("label").GetString());
        Assert.Contains("b.txt", denied.GetProperty("arguments").GetString());
        Assert.Contains("deny Write(b.txt)", words.Output);
    }

    [Fact]
    [Trait("Req", "GATE-6")]
    public async Task A_number_behind_two_dashes_belongs_to_a_command()
    {
        using var table = new ReeveTable("");

        var ended = await table.RunAsync(Stop, "policy", "explain", "--json", "--", "sleep", "5");

        Assert.Equal("sleep 5", ended.Json.GetProperty("command").GetString());
    }

    [Theory]
    [InlineData("deny Write(a.txt)\n", "write allow deny", "write deny allow")]
    [InlineData("ask Write(*.txt)\n", "write allow ask", "write deny ask")]
    [InlineData("deny Write(b.txt)\n")]
    [InlineData("deny write\n", "write allow deny")]
    [Trait("Req", "GATE-6")]
    public async Task A_backtest_names_the_recorded_decisions_that_would_change(string rules, params string[] changed)
    {
        using var table = await RunOnceAsync();
        File.WriteAllText(Path.Join(table.Workspace, "rules.txt"), rules);

        var json = (await table.RunAsync(Stop, "policy", "backtest", "rules.txt", "--json")).Json;

        Assert.Equal((1, 4), (json.GetProperty("runs").GetInt32(), json.GetProperty("decisions").GetInt32()));
        Assert.Equal(changed, json.GetProperty("changed").EnumerateArray().Select(change =>
            $"{change.GetProperty("tool").GetString()} {change.GetProperty("before").GetString()} "
            + change.GetProperty("after").GetString()));
    }

    [Theory]
    [InlineData("deny Edit(src/**)\n", "deny Edit(src/gen/**)\n", 6, "write src/a/b")]
    [InlineData("", "allow Bash(npm:*)\n", 6, "host npm x")]
    [InlineData("ask WebFetch\n", "allow WebFetch(domain:*.example.com)\n", 6, "fetch a.example.com:443")]
    [InlineData("deny Write(b.txt)\n", "", 6, "write {\"path\":\"b.txt\",\"content\":\"x\"}")]
    [InlineData("", "deny Write(a.txt)\n", 0, "write {\"path\":\"a.txt\",\"content\":\"x\"}")]
    [InlineData("allow Bash(npm:*)\n", "", 0, "host npm")]
    [InlineData("deny Edit(*.cs)\n", "deny Edit(*.cs)\nallow Edit(src/**)\n", 0, null)]
    [Trait("Req", "GATE-6")]
    public async Task A_comparison_names_what_becomes_possible_and_what_no_longer_is(
        string old, string now, int exitCode, string? action)
    {
        using var table = await RunOnceAsync();
        File.WriteAllText(Path.Join(table.Workspace, "old.txt"), old);
        File.WriteAllText(Path.Join(table.Workspace, "new.txt"), now);

        var ended = await table.RunAsync(Stop, "policy", "diff", "old.txt", "new.txt", "--json");
        var actions = ended.Json.EnumerateArray().Select(found => found.GetProperty("action").GetString()).ToList();

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(action is null ? [] : [action], actions.Where(found => action is null || found == action));
    }

    private static async Task<ReeveTable> RunOnceAsync()
    {
        var table = new ReeveTable(
            "permissions:\n  rules:\n    deny: [\"Write(b.txt)\"]\n",
            Call("write", new { path = "a.txt", content = "x" }),
            Call("write", new { path = "b.txt", content = "x" }), Call("read", new { path = "a.txt" }), Finishes());
        await table.RunAsync(Stop, "run", "Do it.", "--output-format", "json");
        return table;
    }
}
