using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

/// <summary>Laws of the gate over ten thousand seeded mandates.</summary>
public sealed class PolicyLawTests
{
    private const int Cases = 10_000;

    private static readonly string[] s_texts =
    [
        "Bash(git push:*)", "Bash(git:*)", "Bash(npm test)", "Bash", "Read(.env)", "Read(src/**)", "Edit(src/**)",
        "Write(*.md)", "Delete(docs/**)", "Delete", "WebFetch(domain:*.example.com)", "WebFetch(domain:example.com)",
        "shell", "read", "mcp__a__b", "mcp__a", "tool*",
    ];

    private static readonly Effect[] s_effects =
    [
        new(EffectKind.RunCommand, "git push"), new(EffectKind.RunCommand, "git status && npm test"),
        new(EffectKind.RunCommand, "npm test"), new(EffectKind.RunCommand, "echo $("), new(EffectKind.ReadFile, ".env"),
        new(EffectKind.ReadFile, "src/a.cs"), new(EffectKind.WriteFile, "src/a.cs"), new(EffectKind.WriteFile, "b.md"),
        new(EffectKind.WriteFile, ".git/config"), new(EffectKind.DeleteFile, "docs"),
        new(EffectKind.DeleteFile, "docs/a"),
        new(EffectKind.Connect, "a.example.com:443"), new(EffectKind.Connect, "example.com:80"),
        new(EffectKind.Apply, ""), new(EffectKind.Send, ""), new(EffectKind.None, ""), new(EffectKind.Unknown, ""),
    ];

    private static readonly string[] s_tools = ["shell", "read", "mcp__a__b", "tool"];

    [Fact]
    public void A_workspace_never_widens() => ForEachCase((random, mandate, tool, effects) =>
    {
        var rule = AnyRule(random) with { Tier = RuleTier.Workspace };

        var before = new PolicyEngine(mandate).Decide(tool, effects).Decision;
        var after = new PolicyEngine(mandate with { Rules = mandate.Rules.Add(rule) }).Decide(tool, effects).Decision;

        Assert.True(after <= before, $"{rule} turned {before} into {after}.");
    });

    [Fact]
    public void The_order_of_rules_and_effects_means_nothing() => ForEachCase((random, mandate, tool, effects) =>
    {
        var rules = mandate.Rules.ToArray();
        random.Shuffle(rules);
        var shuffled = effects.ToArray();
        random.Shuffle(shuffled);

        Assert.Equal(
            new PolicyEngine(mandate).Decide(tool, effects).Decision,
            new PolicyEngine(mandate with { Rules = [.. rules] }).Decide(tool, shuffled).Decision);
    });

    [Fact]
    public void A_denying_rule_never_makes_anything_possible() => ForEachCase((random, mandate, tool, effects) =>
    {
        var rule = AnyRule(random) with { Decision = Decision.Deny };

        var before = new PolicyEngine(mandate).Decide(tool, effects).Decision;
        var after = new PolicyEngine(mandate with { Rules = mandate.Rules.Add(rule) }).Decide(tool, effects).Decision;

        Assert.True(after <= before, $"{rule} turned {before} into {after}.");
    });

    [Fact]
    public void One_more_effect_never_makes_a_call_freer() => ForEachCase((random, mandate, tool, effects) =>
    {
        var engine = new PolicyEngine(mandate);
        Effect[] more = [.. effects, s_effects[random.Next(s_effects.Length)]];

        Assert.True(engine.Decide(tool, more).Decision <= engine.Decide(tool, effects).Decision);
    });

    private static void ForEachCase(Action<Random, Mandate, string, Effect[]> law)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var modes = Enum.GetValues<PermissionMode>();
            var mode = modes[random.Next(modes.Length)];
            var mandate = Mandate.Default("m", "ada", canAsk: random.Next(2) == 0, mode) with
            {
                Rules = [.. Enumerable.Range(0, random.Next(8)).Select(_ => AnyRule(random))],
            };
            Effect[] effects =
                [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => s_effects[random.Next(s_effects.Length)])];

            law(random, mandate, s_tools[random.Next(s_tools.Length)], effects);
        }
    }

    private static Rule AnyRule(Random random) => RuleSyntax.Parse(
        s_texts[random.Next(s_texts.Length)], (Decision)random.Next(3), (RuleTier)random.Next(3));
}
