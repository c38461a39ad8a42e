using Reeve.Authority;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class RuleSyntaxTests
{
    [Theory]
    [InlineData("Bash(git push:*)")]
    [InlineData("Bash(npm run test)")]
    [InlineData("Bash(npm run *)")]
    [InlineData("Bash(*)")]
    [InlineData("Shell(ls)")]
    [InlineData("Read(.env)")]
    [InlineData("Edit(src/**)")]
    [InlineData("Write(**/*.{cs,md})")]
    [InlineData("Delete(docs/)")]
    [InlineData("WebFetch(domain:*.example.com)")]
    [InlineData("WebFetch(domain:*)")]
    [InlineData("mcp__server__tool")]
    [InlineData("mcp__server")]
    [InlineData("grep")]
    public void Reads_what_people_write(string text) =>
        Assert.Equal(
            new Rule(Decision.Ask, RuleTier.User, text), RuleSyntax.Parse(text, Decision.Ask, RuleTier.User));

    [Theory]
    [InlineData("")]
    [InlineData("Bash(")]
    [InlineData("Bash()")]
    [InlineData("Bash(git push")]
    [InlineData("Bash(git push && ls)")]
    [InlineData("Bash(git 'push')")]
    [InlineData("(x)")]
    [InlineData("Read(/etc/passwd)")]
    [InlineData("Read(~/.ssh)")]
    [InlineData("Read(../x)")]
    [InlineData("WebFetch(https://example.com)")]
    [InlineData("WebFetch(domain:)")]
    [InlineData("Fetch(x)")]
    [InlineData("two words")]
    [InlineData("a\nb")]
    public void Refuses_what_would_only_look_like_a_rule(string text)
    {
        var refusal = Assert.Throws<ProblemException>(() => RuleSyntax.Parse(text, Decision.Deny, RuleTier.User));

        Assert.Equal("rule.invalid", refusal.Problem.Code);
    }

    [Fact]
    public void Refuses_a_rule_one_character_past_the_limit()
    {
        var longest = new string('a', RuleSyntax.TextCharsMax);

        RuleSyntax.Parse(longest, Decision.Deny, RuleTier.User);

        Assert.Throws<ProblemException>(() => RuleSyntax.Parse(longest + "a", Decision.Deny, RuleTier.User));
    }
}
