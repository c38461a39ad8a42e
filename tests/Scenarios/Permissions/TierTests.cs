using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>Rules of the administrator, of the user and of the workspace: the strictest wins.</summary>
public sealed class TierTests
{
    [Theory]
    [InlineData("deny: [\"Bash(make:*)\"]\n", "Bash(make:*)", "make", 5, "administrator")]
    [InlineData("ask: [\"Bash(make:*)\"]\n", "Bash(make:*)", "make", 6, "administrator")]
    [InlineData("allow: [\"Bash(make:*)\"]\n", "", "make", 0, "administrator")]
    [InlineData("deny: []\n", "Bash(make:*)", "make", 0, "user")]
    [Trait("Req", "GATE-5")]
    public async Task What_the_administrator_rules_no_rule_of_the_user_undoes(
        string policy, string allowed, string line, int exitCode, string tier)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = WithPolicy(reeve, policy);
        var rule = allowed.Length > 0 ? new[] { "--allow", allowed } : [];

        var ended = await session.TypeAsync(["policy", "check", "--json", .. rule, "--", line]);

        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(exitCode, ended);
            Assert.Equal(tier, JsonDocument.Parse(session.Output).RootElement.GetProperty("tier").GetString());
        }
        else
        {
            // Who is no administrator cannot write such a policy, and what he writes in its place is refused.
            Assert.Equal(2, ended);
            Assert.Contains("policy.unprotected", session.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite, false)]
    [InlineData(UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.OtherWrite, true)]
    [Trait("Req", "GATE-5")]
    public async Task A_policy_that_others_could_have_written_is_refused(UnixFileMode more, bool isFolder)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = WithPolicy(reeve, "allow: [\"Bash\"]\n");
        var path = Path.Join(Path.GetDirectoryName(session.ConfigurationPath), "policy.yaml");
        path = isFolder ? Path.GetDirectoryName(path)! : path;
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | more);

        Assert.Equal(2, await session.TypeAsync("policy", "check", "--", "make"));
        Assert.Contains("policy.unprotected", session.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allow: make\n")]
    [InlineData("allows: [\"Bash\"]\n")]
    [InlineData("allow: [\"Bash(\"]\n")]
    [Trait("Req", "GATE-5")]
    public async Task A_policy_that_cannot_be_understood_stops_everything(string policy)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = WithPolicy(reeve, policy);

        Assert.Equal(2, await session.TypeAsync("policy", "check", "--", "ls"));
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public async Task Only_the_administrator_says_where_the_policy_lies()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = WithPolicy(reeve, "deny: [\"Bash(make:*)\"]\n");
        session.Environment["REEVE_PERMISSIONS__POLICY_FILE"] = "/nonexistent/policy.yaml";

        Assert.Equal(2, await session.TypeAsync("policy", "check", "--", "make"));
        Assert.Contains("Only the system file sets permissions.policyFile", session.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Trait("Req", "GATE-5")]
    public async Task A_trusted_workspace_narrows_a_run_and_never_widens_it(bool isTrusted, bool happens)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "x" }), Call("write", new { path = "b.txt", content = "x" }),
            Finishes()));
        reeve.Write(".reeve/policy.yaml", "deny: [\"Write(a.txt)\"]\nallow: [\"Write(b.txt)\", \"Bash\"]\n");
        var settings = SettingsReader.Read(
            new Dictionary<string, string>
            {
                ["REEVE_HOME"] = reeve.Data, ["REEVE_PERMISSIONS__RULES__DENY"] = "Write(b.txt)",
            },
            "/nonexistent", []);

        if (isTrusted)
        {
            var trust = new WorkspaceTrust(settings.Home, TimeProvider.System);
            trust.Trust(reeve.Workspace, trust.Look(reeve.Workspace));
        }

        Use(reeve, settings);
        var report = await reeve.RunAsync();

        Assert.Equal(happens, report.Changes.Any(change => change.Path == "a.txt"));
        Assert.DoesNotContain(report.Changes, change => change.Path == "b.txt");
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public void No_policy_of_a_workspace_makes_anything_freer()
    {
        string[] texts =
        [
            "Bash(git push:*)", "Bash", "Bash(npm test)", "Read(.env)", "Edit(src/**)", "Delete", "WebFetch",
            "WebFetch(domain:*.example.com)", "shell", "mcp__a", "Read(**)", "Edit(*.md)",
        ];
        PolicyAction[] actions =
        [
            .. RuleSpace.ActionsOf([.. texts.Select(text => RuleSyntax.Parse(text, Decision.Allow, RuleTier.User))]),
            new("host", new Effect(EffectKind.HostCommand, "git status && npm test")),
            new("host", new Effect(EffectKind.HostCommand, "make | tee log")),
            new("apply", new Effect(EffectKind.Apply, "")), new("plan", new Effect(EffectKind.Widen, "")),
        ];

        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var modes = Enum.GetValues<PermissionMode>();
            var before = Mandate.Default("m", "ada", random.Next(2) == 0, modes[random.Next(modes.Length)]) with
            {
                Rules = AnyRules(RuleTier.User, 6),
                Approved = [.. texts.Where(_ => random.Next(8) == 0)],
            };
            var after = before with { Rules = before.Rules.AddRange(AnyRules(RuleTier.Workspace, 8)) };
            var (old, now) = (new PolicyEngine(before), new PolicyEngine(after));

            foreach (var action in actions)
            {
                var (was, then) = (old.Decide(action.Tool, [action.Effect]), now.Decide(action.Tool, [action.Effect]));
                Assert.True(then.Decision <= was.Decision, $"seed {seed}: {action}");
            }

            System.Collections.Immutable.ImmutableArray<Rule> AnyRules(RuleTier tier, int most) =>
            [
                .. Enumerable.Range(0, random.Next(1, most)).Select(_ => RuleSyntax.Parse(
                    texts[random.Next(texts.Length)], (Decision)random.Next(3), tier)),
            ];
        }
    }

    [Theory]
    [InlineData(null, "git branch -D release/9", 6)]
    [InlineData("release/*", "git branch -D release/9", 5)]
    [InlineData("release/*", "git push origin :release/9", 5)]
    [InlineData("release/*", "git branch -D main", 6)]
    [Trait("Req", "GATE-10")]
    public async Task The_protected_branches_are_those_that_were_configured(string? branches, string line, int exitCode)
    {
        using var table = new ReeveTable(
            branches is null ? "" : $"permissions:\n  protectedBranches: [\"{branches}\"]\n");

        var ended = await table.RunAsync(TestContext.Current.CancellationToken, "policy", "check", "--", line);

        Assert.Equal(exitCode, ended.ExitCode);
    }

    internal static void Use(ReeveHarness reeve, Settings settings)
    {
        var composed = new SettingsComposition(
            settings, new Dictionary<string, string>(), TimeProvider.System).Compose();
        reeve.Change = options => options with { MandateOf = composed.MandateOf, Limits = composed.Limits };
    }

    private static CommandSession WithPolicy(ReeveHarness reeve, string policy)
    {
        var folder = Directory.CreateDirectory(Path.Join(Path.GetDirectoryName(reeve.Data), "system")).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Join(folder, "policy.yaml"), policy);

        return new CommandSession(reeve) { ConfigurationPath = Path.Join(folder, "config.yaml") };
    }
}
