using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>The gate asked from the command line, as a process.</summary>
public sealed class PolicyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Req", "GATE-5")]
    [InlineData(0, "allow", "git log --oneline | head -3")]
    [InlineData(6, "ask", "git status && touch x")]
    [InlineData(5, "deny", "git push --force origin feature")]
    [InlineData(0, "allow", "npm run test -- --watch=false", "--allow", "Bash(npm run test:*)")]
    [InlineData(6, "ask", "npm run test; touch x", "--allow", "Bash(npm run test:*)")]
    [InlineData(6, "ask", "git -c core.pager=x log", "--allow", "Bash(git:*)")]
    [InlineData(5, "deny", "ls; sh -c 'r\"m\" x'", "--deny", "Bash(rm:*)")]
    [InlineData(6, "ask", "git log", "--ask", "Bash(git log:*)")]
    public async Task A_command_line_gets_a_verdict_and_an_exit_code_of_its_own(
        int exitCode, string verdict, string line, params string[] rules)
    {
        using var table = new ReeveTable("");

        var ended = await table.RunAsync(Stop, ["policy", "check", "--json", .. rules, "--", line]);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(verdict, ended.Json.GetProperty("verdict").GetString());
        Assert.Equal(line, ended.Json.GetProperty("command").GetString());
    }

    [Fact]
    [Trait("Req", "GATE-6")]
    public async Task A_verdict_says_which_part_and_which_rule_decided()
    {
        using var table = new ReeveTable("permissions:\n  rules:\n    deny: [\"Bash(curl:*)\"]\n");

        var ended = await table.RunAsync(
            Stop, "policy", "explain", "--json", "--allow", "Bash(git:*)", "--", "git commit -m x; env A=b curl x");
        var parts = ended.Json.GetProperty("parts").EnumerateArray().Select(part => (
            part.GetProperty("command").GetString(), part.GetProperty("verdict").GetString(),
            part.GetProperty("rule").GetString(), part.GetProperty("tier").GetString())).ToList();

        Assert.Equal("deny Bash(curl:*)", ended.Json.GetProperty("rule").GetString());
        Assert.Equal(2, ended.Json.GetProperty("decisive").GetInt32());
        Assert.Equal(("git commit -m x", "allow", "allow Bash(git:*)", "user"), parts[0]);
        Assert.Equal(("curl x", "deny", "deny Bash(curl:*)", "user"), parts[2]);
    }

    [Fact]
    [Trait("Req", "GATE-6")]
    public async Task Several_words_are_one_command_and_a_rule_that_is_none_is_refused()
    {
        using var table = new ReeveTable("");

        var words = await table.RunAsync(Stop, "policy", "check", "--json", "--", "ls", "a b; touch x");
        var rule = await table.RunAsync(Stop, "policy", "check", "--allow", "Bash(git && x)", "--", "ls");

        Assert.Equal((0, "ls 'a b; touch x'"), (words.ExitCode, words.Json.GetProperty("command").GetString()));
        Assert.Equal(2, rule.ExitCode);
        Assert.Contains("rule.invalid", rule.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "GATE-6")]
    public async Task The_cases_of_a_rule_file_are_checked()
    {
        using var table = new ReeveTable("");
        File.WriteAllText(
            Path.Join(table.Workspace, "rules.txt"),
            "# ours\nallow Bash(git:*)\nallows git commit -m x\ndenies git push -f\nasks rm x\n");
        File.WriteAllText(Path.Join(table.Workspace, "wrong.txt"), "allows rm x\n");
        File.WriteAllText(Path.Join(table.Workspace, "bad.txt"), "permit x\n");

        var held = await table.RunAsync(Stop, "policy", "test", "rules.txt");
        var wrong = await table.RunAsync(Stop, "policy", "test", "wrong.txt");
        var bad = await table.RunAsync(Stop, "policy", "test", "bad.txt");
        File.WriteAllText(Path.Join(table.Workspace, "large.txt"), new string('#', RuleFile.RuleBytesMax + 1));
        var large = await table.RunAsync(Stop, "policy", "test", "large.txt");

        Assert.Equal((0, "3 of 3 cases hold\n"), (held.ExitCode, held.Output));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("line 1: rm x  is ask, expected allow", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(2, bad.ExitCode);
        Assert.Equal(2, large.ExitCode);
        Assert.Contains("file.too_large", large.Error, StringComparison.Ordinal);
    }
}
