using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class StandingApprovalsTests
{
    private static readonly Mandate s_manual = Mandate.Default("m", "ada", canAsk: true, PermissionMode.Manual);

    [Theory]
    [InlineData("Edit(src/**)", EffectKind.WriteFile, "src/a.cs", true)]
    [InlineData("Edit(src/**)", EffectKind.DeleteFile, "src/a.cs", false)]
    [InlineData("Edit(src/**)", EffectKind.WriteFile, "src/../b.cs", false)]
    [InlineData("Edit(**)", EffectKind.WriteFile, ".git/config", false)]
    [InlineData("Bash(make)", EffectKind.RunCommand, "make", true)]
    [InlineData("Bash(make)", EffectKind.RunCommand, "make all", false)]
    [InlineData("Bash(make:*)", EffectKind.RunCommand, "make all", true)]
    [InlineData("Bash(make:*)", EffectKind.RunCommand, "make all; rm x", false)]
    [InlineData("Bash(make:*)", EffectKind.RunCommand, "make > x", false)]
    [InlineData("Bash(=make > x)", EffectKind.RunCommand, "make > x", true)]
    [InlineData("Bash(=make > x)", EffectKind.RunCommand, "make > xy", false)]
    [InlineData("Bash(make)", EffectKind.HostCommand, "make", false)]
    [InlineData("Bash(make:*)", EffectKind.HostCommand, "make all", false)]
    [InlineData("Bash(=make > x)", EffectKind.HostCommand, "make > x", false)]
    [InlineData("Bash", EffectKind.HostCommand, "make", false)]
    [InlineData("Host(make)", EffectKind.RunCommand, "make", false)]
    [InlineData("Host(=make > x)", EffectKind.RunCommand, "make > x", false)]
    [InlineData("Host(git:*)", EffectKind.HostCommand, "git commit -m x", true)]
    [InlineData("Host(git:*)", EffectKind.HostCommand, "git -c core.pager=x log", false)]
    [InlineData("Host(git:*)", EffectKind.HostCommand, "git commit -m x && make", false)]
    [InlineData("Host(git:*)", EffectKind.HostCommand, "git push --force", false)]
    [InlineData("Host(git:*)", EffectKind.HostCommand, "git reset --hard", false)]
    [InlineData("Host(=git reset --hard)", EffectKind.HostCommand, "git reset --hard", true)]
    [InlineData("Host(=git push --force)", EffectKind.HostCommand, "git push --force", false)]
    [InlineData("WebFetch(domain:*.example.com)", EffectKind.Connect, "a.example.com:443", true)]
    [InlineData("WebFetch(domain:*.example.com)", EffectKind.Connect, "example.org:443", false)]
    [InlineData("tool", EffectKind.Connect, "example.org:443", true)]
    [InlineData("other", EffectKind.Connect, "example.org:443", false)]
    [InlineData("tool", EffectKind.Widen, "", false)]
    [InlineData("tool", EffectKind.Send, "", false)]
    public void A_rule_that_was_approved_covers_what_it_says_and_nothing_denied(
        string rule, EffectKind kind, string target, bool isAllowed)
    {
        var effect = new Effect(kind, target);
        var circumstances = new Circumstances(DateTimeOffset.UnixEpoch, Label.BuiltIn)
        {
            Approved = StandingApprovals.Of([rule]),
        };
        var unattended = s_manual with { CanAsk = false, Approved = [rule] };

        Assert.False(new PolicyEngine(s_manual).Decide("tool", [effect]).IsAllowed);
        Assert.Equal(isAllowed, new PolicyEngine(s_manual).Decide("tool", [effect], circumstances).IsAllowed);
        Assert.Equal(isAllowed, new PolicyEngine(unattended).Decide(
            "tool", [effect], new Circumstances(DateTimeOffset.UnixEpoch, Label.BuiltIn)).IsAllowed);
    }

    [Fact]
    public void What_was_revoked_in_a_run_covers_nothing_there()
    {
        var gate = new PolicyEngine(s_manual with { Approved = ["Edit(a)"] });
        var now = new Circumstances(DateTimeOffset.UnixEpoch, Label.BuiltIn);
        Effect[] write = [new(EffectKind.WriteFile, "a")];

        Assert.True(gate.Decide("write", write, now).IsAllowed);
        Assert.False(gate.Decide("write", write, now with
        {
            Approved = StandingApprovals.Of([], "Edit(a)"),
        }).IsAllowed);
    }

    [Theory]
    [InlineData(EffectKind.WriteFile, "src/a.cs", "Edit(src/a.cs)")]
    [InlineData(EffectKind.ReadFile, "a", "Read(a)")]
    [InlineData(EffectKind.DeleteFile, "a", "Delete(a)")]
    [InlineData(EffectKind.WriteFile, "a*b", null)]
    [InlineData(EffectKind.RunCommand, "npm test", "Bash(npm test)")]
    [InlineData(EffectKind.RunCommand, "npm test | tail", "Bash(=npm test | tail)")]
    [InlineData(EffectKind.HostCommand, "git push origin x", "Host(git push origin x)")]
    [InlineData(EffectKind.HostCommand, "make 'a b'", "Host(=make 'a b')")]
    [InlineData(EffectKind.RunCommand, "ls *", "Bash(=ls *)")]
    [InlineData(EffectKind.RunCommand, "a\nb", null)]
    [InlineData(EffectKind.Connect, "example.com:443", "WebFetch(domain:example.com)")]
    [InlineData(EffectKind.UseSecret, "key", "tool")]
    [InlineData(EffectKind.Widen, "", null)]
    public void The_rule_that_is_offered_is_the_narrowest(EffectKind kind, string target, string? rule)
    {
        var effect = new Effect(kind, target);

        Assert.Equal(rule, StandingApprovals.Suggest("tool", effect));
    }

    [Fact]
    public void No_more_rules_stand_than_somebody_could_oversee()
    {
        var rules = Enumerable.Range(0, StandingApprovals.RulesMax).Select(index => $"Edit({index})").ToList();

        Assert.False(StandingApprovals.Of(rules).IsEmpty);
        Assert.Throws<ProblemException>(() => StandingApprovals.Of(rules.Append("Edit(more)")));
    }

    [Fact]
    public void A_comparison_of_many_rules_stays_bounded()
    {
        var rules = Enumerable.Range(0, 300)
            .Select(index => RuleSyntax.Parse($"Edit(d{index}/f{index})", Decision.Deny, RuleTier.User));

        Assert.InRange(RuleSpace.ActionsOf([.. rules]).Count, 1_000, RuleSpace.ActionsMax);
    }

    [Theory]
    [InlineData("release/*", "release/1", true)]
    [InlineData("release/*", "RELEASE/a/b", true)]
    [InlineData("release/*", "release", false)]
    [InlineData("*-stable", "a-b-stable", true)]
    [InlineData("*-stable", "a-stable-b", false)]
    [InlineData("main", "feature/main", false)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    public void A_star_in_the_name_of_a_branch_stands_for_any_part(string pattern, string branch, bool isProtected) =>
        Assert.Equal(isProtected, new ProtectedBranches([pattern]).Contains(branch));
}
