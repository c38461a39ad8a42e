using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class ShellGrammarTests
{
    [Theory]
    [InlineData("a && b | c; d & e", "a|b|c|d|e")]
    [InlineData("if a; then b; elif c; then d; else e; fi", "a|b|c|d|e")]
    [InlineData("for i in 1 2; do a $i; done", "a $i")]
    [InlineData("case x in a|b) c;; *) d;; esac", "c|d")]
    [InlineData("f() { a; }; f", "a|f")]
    [InlineData("cat <<E\n$(a)\nE\nb", "cat|a|b")]
    [InlineData("cat <<'E'\n$(a)\nE\nb", "cat|b")]
    [InlineData("env A=b timeout 5 a b", "env A=b timeout 5 a b|timeout 5 a b|a b")]
    [InlineData("sh -c 'a; b'", "sh -c a; b|a|b")]
    [InlineData("echo {a,b}c $'\\x61' \"x\"y\\ z", "echo ac bc a xy z")]
    [InlineData("diff <(a) <(b)", "a|b|diff <() <()")]
    [InlineData("echo $((1 + 2)) ${x:-$(a)}", "a|echo $(()) $x")]
    public void A_line_is_the_commands_it_would_start(string line, string expected)
    {
        var parsed = ShellGrammar.Parse(line);

        Assert.True(parsed.IsUnderstood);
        Assert.Equal(expected, string.Join('|', parsed.Commands.Select(
            command => string.Join(' ', command.Words.Select(word => word.Text)))));
    }

    [Theory]
    [InlineData("a 'b")]
    [InlineData("a $(b")]
    [InlineData("a &&")]
    [InlineData("a ;; b")]
    [InlineData("$a b")]
    [InlineData("echo ${!a}")]
    [InlineData("echo $((a[0]))")]
    [InlineData("a=b; echo $((a))")]
    [InlineData("cat <<E\na")]
    [InlineData("alias a=b")]
    [InlineData("a\rb")]
    public void What_is_not_known_is_not_understood(string line) =>
        Assert.False(ShellGrammar.Parse(line).IsUnderstood);

    [Fact]
    public void Nesting_ends_at_its_limit()
    {
        static string Nested(int levels) =>
            string.Concat(Enumerable.Repeat("{ ", levels)) + "a" + string.Concat(Enumerable.Repeat("; }", levels));

        Assert.True(ShellGrammar.Parse(Nested(10)).IsUnderstood);
        Assert.False(ShellGrammar.Parse(Nested(ShellGrammar.LevelsMax + 1)).IsUnderstood);
    }

    [Fact]
    public void A_variable_with_more_values_than_are_followed_is_not_known()
    {
        static string Loop(int values) => $"for f in {string.Join(' ', Enumerable.Range(0, values))}; do cat $f; done";
        var gate = new PolicyEngine(Mandate.Default("m", "ada", canAsk: true));

        Assert.Equal(Decision.Allow, gate.JudgeCommand(Loop(ShellVariables.ValuesMax)).Verdict.Decision);
        Assert.Equal(Decision.Ask, gate.JudgeCommand(Loop(ShellVariables.ValuesMax + 1)).Verdict.Decision);
    }

    [Fact]
    public void A_file_of_rules_has_its_limits_and_says_which_line_is_wrong()
    {
        var tooMany = string.Concat(Enumerable.Repeat("allows ls\n", RuleFile.CasesMax + 1));

        Assert.Equal(RuleFile.CasesMax, RuleFile.Parse(tooMany["allows ls\n".Length..]).Cases.Length);
        Assert.Throws<ProblemException>(() => RuleFile.Parse(tooMany));
        Assert.Contains(
            "Line 2", Assert.Throws<ProblemException>(() => RuleFile.Parse("allow ls\nxyz ls")).Problem.Message,
            StringComparison.Ordinal);
    }
}
