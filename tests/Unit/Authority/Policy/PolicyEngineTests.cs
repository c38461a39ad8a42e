using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class PolicyEngineTests
{
    private static readonly Mandate s_default = Mandate.Default("m1", "ada", canAsk: true);

    [Theory]
    [InlineData(EffectKind.None, "", Decision.Allow)]
    [InlineData(EffectKind.ReadFile, "a.txt", Decision.Allow)]
    [InlineData(EffectKind.WriteFile, "a.txt", Decision.Allow)]
    [InlineData(EffectKind.DeleteFile, "a.txt", Decision.Allow)]
    [InlineData(EffectKind.RunCommand, "rm -rf . && $(unknown ((", Decision.Allow)]
    [InlineData(EffectKind.Connect, "example.com:443", Decision.Ask)]
    [InlineData(EffectKind.Apply, "", Decision.Ask)]
    [InlineData(EffectKind.HostCommand, "ls", Decision.Allow)]
    [InlineData(EffectKind.HostCommand, "make", Decision.Ask)]
    [InlineData(EffectKind.UseSecret, "key", Decision.Ask)]
    [InlineData(EffectKind.Delegate, "", Decision.Ask)]
    [InlineData(EffectKind.Send, "", Decision.Deny)]
    [InlineData(EffectKind.Spend, "", Decision.Deny)]
    [InlineData(EffectKind.Remember, "", Decision.Deny)]
    [InlineData(EffectKind.Unknown, "", Decision.Deny)]
    [InlineData((EffectKind)999, "", Decision.Deny)]
    public void The_default_mandate_is_quiet_inside_and_asks_at_the_border(
        EffectKind kind, string target, Decision expected) =>
        Assert.Equal(expected, Decide(s_default, new Effect(kind, target)));

    [Fact]
    public void What_would_be_asked_is_denied_where_nobody_can_be_asked()
    {
        var unattended = s_default with { CanAsk = false };
        var dontAsk = s_default with { Mode = PermissionMode.DontAsk };
        var connect = new Effect(EffectKind.Connect, "example.com:443");

        Assert.Equal(Decision.Deny, Decide(unattended, connect));
        Assert.Equal(Decision.Deny, Decide(dontAsk, connect));
        Assert.Contains("Nobody can be asked", Verdict(unattended, connect).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".git/config")]
    [InlineData(".git")]
    [InlineData("./src/../.git/hooks/pre-commit")]
    [InlineData("sub/.GIT/hooks/post-checkout")]
    [InlineData(".reeve/policy.yaml")]
    public void Protected_things_stay_protected_in_every_mode_and_under_every_rule(string path)
    {
        foreach (var mode in Enum.GetValues<PermissionMode>())
        {
            var mandate = s_default with { Mode = mode, Rules = [Allow("Write"), Allow("Delete"), Allow("write")] };

            Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.WriteFile, path)));
            Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.DeleteFile, path)));
        }
    }

    [Theory]
    [InlineData("echo x > .git/hooks/pre-commit")]
    [InlineData("true && cat y >> ./.git/config")]
    public void A_redirection_is_a_write_too(string line) =>
        Assert.Equal(Decision.Deny, Decide(s_default, new Effect(EffectKind.RunCommand, line)));

    [Fact]
    public void Plan_only_reads_whatever_the_rules_allow()
    {
        var plan = s_default with
        {
            Mode = PermissionMode.Plan,
            Rules = [Allow("Write"), Allow("Bash"), Allow("tool")],
        };

        Assert.Equal(Decision.Allow, Decide(plan, new Effect(EffectKind.ReadFile, "a")));
        Assert.Equal(Decision.Deny, Decide(plan, new Effect(EffectKind.WriteFile, "a")));
        Assert.Equal(Decision.Deny, Decide(plan, new Effect(EffectKind.RunCommand, "ls")));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_path_that_leads_outside_is_denied(string path) =>
        Assert.Equal(Decision.Deny, Decide(s_default, new Effect(EffectKind.ReadFile, path)));

    [Theory]
    [InlineData("Read(.env)", EffectKind.ReadFile, ".env", true)]
    [InlineData("Read(.env)", EffectKind.ReadFile, "app/.env", true)]
    [InlineData("Read(.env)", EffectKind.ReadFile, "./a/../.env", true)]
    [InlineData("Read(.env)", EffectKind.ReadFile, ".env.example", false)]
    [InlineData("Read(.env)", EffectKind.WriteFile, ".env", false)]
    [InlineData("Read(secrets)", EffectKind.ReadFile, "secrets/a/b", true)]
    [InlineData("Edit(src/**)", EffectKind.WriteFile, "src/a/b.cs", true)]
    [InlineData("Edit(src/**)", EffectKind.WriteFile, "lib/src/a", false)]
    [InlineData("Edit(src/**)", EffectKind.DeleteFile, "src/a", true)]
    [InlineData("Edit(src/prod/*.cs)", EffectKind.DeleteFile, "src", true)]
    [InlineData("Edit(src/prod/*.cs)", EffectKind.DeleteFile, ".", true)]
    [InlineData("Write(*.{lock,sum})", EffectKind.WriteFile, "a/go.sum", true)]
    [InlineData("Delete(docs/**/*.md)", EffectKind.DeleteFile, "docs/a/b/c.md", true)]
    [InlineData("Delete(docs/**/*.md)", EffectKind.DeleteFile, "docs/c.md", true)]
    [InlineData("WebFetch(domain:*.example.com)", EffectKind.Connect, "API.example.com:443", true)]
    [InlineData("WebFetch(domain:*.example.com)", EffectKind.Connect, "example.com:443", false)]
    [InlineData("WebFetch(domain:*.example.com)", EffectKind.Connect, "badexample.com:443", false)]
    [InlineData("WebFetch(domain:example.com)", EffectKind.Connect, "example.com.:443", true)]
    [InlineData("grep", EffectKind.ReadFile, "a", false)]
    [InlineData("tool", EffectKind.ReadFile, "a", true)]
    [InlineData("too*", EffectKind.ReadFile, "a", true)]
    [InlineData("Bash(git push:*)", EffectKind.RunCommand, "git push origin main", true)]
    [InlineData("Bash(git push:*)", EffectKind.RunCommand, "git pull", false)]
    [InlineData("Shell(git push)", EffectKind.RunCommand, "git push", true)]
    public void A_denying_rule_reaches_what_it_names(string rule, EffectKind kind, string target, bool isDenied)
    {
        var mandate = s_default with { Mode = PermissionMode.BypassPermissions, Rules = [Deny(rule)] };

        Assert.Equal(isDenied ? Decision.Deny : Decision.Allow, Decide(mandate, new Effect(kind, target)));
    }

    [Theory]
    [InlineData("npm test", Decision.Allow)]
    [InlineData("npm test -- --watch=false", Decision.Allow)]
    [InlineData("CI=1 npm test", Decision.Allow)]
    [InlineData("npm test && npm test 2>&1", Decision.Allow)]
    [InlineData("npm  test", Decision.Allow)]
    [InlineData("npm testing", Decision.Ask)]
    [InlineData("npm test && curl x", Decision.Ask)]
    [InlineData("npm test $(curl x)", Decision.Ask)]
    [InlineData("npm test > src/a", Decision.Ask)]
    [InlineData("LD_PRELOAD=./x.so npm test", Decision.Ask)]
    [InlineData("./npm test", Decision.Ask)]
    [InlineData("npm t*st", Decision.Ask)]
    [InlineData("npm test; (", Decision.Ask)]
    [InlineData("npm test | sh", Decision.Ask)]
    public void An_allowing_rule_allows_a_line_only_where_it_allows_each_part(string line, Decision expected)
    {
        var mandate = s_default with { Mode = PermissionMode.Manual, Rules = [Allow("Bash(npm test:*)")] };

        Assert.Equal(expected, Decide(mandate, new Effect(EffectKind.RunCommand, line)));
    }

    [Fact]
    public void The_strictest_effect_of_a_call_decides()
    {
        var mandate = s_default with { Rules = [Deny("Write(a)")] };
        var engine = new PolicyEngine(mandate);

        var verdict = engine.Decide(
            "edit", [new Effect(EffectKind.ReadFile, "a"), new Effect(EffectKind.WriteFile, "a")]);

        Assert.Equal(new Verdict(Decision.Deny, "Denied by a rule of the user.", "deny Write(a)"), verdict);
        Assert.Equal(Decision.Deny, engine.Decide("edit", []).Decision);
    }

    [Fact]
    public void A_tool_the_mandate_does_not_name_is_denied()
    {
        var mandate = s_default with { Tools = ["read"] };
        var engine = new PolicyEngine(mandate);

        Assert.True(engine.Decide("read", [new Effect(EffectKind.ReadFile, "a")]).IsAllowed);
        Assert.False(engine.Decide("write", [new Effect(EffectKind.ReadFile, "a")]).IsAllowed);
    }

    [Fact]
    public void Rules_decide_only_inside_what_the_mandate_covers()
    {
        var mandate = s_default with
        {
            Paths = [new PathGrant("docs/**", CanChange: true), new PathGrant("src/**", CanChange: false)],
            Commands = ["npm test:*"],
            Hosts = ["*.example.com"],
            Rules = [Allow("Write"), Allow("Read"), Allow("Bash"), Allow("WebFetch")],
        };

        Assert.Equal(Decision.Allow, Decide(mandate, new Effect(EffectKind.WriteFile, "docs/a")));
        Assert.Equal(Decision.Allow, Decide(mandate, new Effect(EffectKind.ReadFile, "src/a")));
        Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.WriteFile, "src/a")));
        Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.ReadFile, "other")));
        Assert.Equal(Decision.Allow, Decide(mandate, new Effect(EffectKind.RunCommand, "npm test -q")));
        Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.RunCommand, "npm test; ls")));
        Assert.Equal(Decision.Allow, Decide(mandate, new Effect(EffectKind.Connect, "a.example.com:443")));
        Assert.Equal(Decision.Deny, Decide(mandate, new Effect(EffectKind.Connect, "example.org:443")));
    }

    [Fact]
    public void A_mandate_that_names_nothing_allows_nothing()
    {
        var nothing = new Mandate { Id = "m", Principal = "ada" };

        Assert.All(
            Enum.GetValues<EffectKind>(),
            kind => Assert.Equal(Decision.Deny, Decide(nothing, new Effect(kind, "a"))));
    }

    [Fact]
    public void A_decision_that_allows_allocates_nothing()
    {
        var rules = Enumerable.Range(0, 10_000).Select(number => (number % 3) switch
        {
            0 => Deny($"Bash(program{number} push:*)"),
            1 => Deny($"Write(folder{number}/**)"),
            _ => Allow($"Read(name{number})"),
        });
        var engine = new PolicyEngine(s_default with { Rules = [.. rules] });
        Effect[] edit = [new(EffectKind.ReadFile, "src/a/b.cs"), new(EffectKind.WriteFile, "src/a/b.cs")];
        Effect[] shell = [new(EffectKind.RunCommand, "dotnet build src -v q")];
        var allowed = engine.Decide("edit", edit).IsAllowed && engine.Decide("shell", shell).IsAllowed;
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var round = 0; round < 1_000; round++)
        {
            allowed &= engine.Decide("edit", edit).IsAllowed & engine.Decide("shell", shell).IsAllowed;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(allowed);
    }

    private static Rule Allow(string text) => RuleSyntax.Parse(text, Decision.Allow, RuleTier.User);

    private static Rule Deny(string text) => RuleSyntax.Parse(text, Decision.Deny, RuleTier.User);

    private static Decision Decide(Mandate mandate, Effect effect) => Verdict(mandate, effect).Decision;

    private static Verdict Verdict(Mandate mandate, Effect effect)
    {
        var verdict = new PolicyEngine(mandate).Decide("tool", [effect]);
        Assert.NotEmpty(verdict.Reason);
        Assert.NotEmpty(verdict.Rule);

        return verdict;
    }
}
