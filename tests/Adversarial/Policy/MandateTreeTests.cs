using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Vault;
using Xunit;

namespace Reeve.Tests.Adversarial.Policy;

/// <summary>Random trees of mandates: whatever is asked for, nobody gets more than the one above may pass on.</summary>
public sealed class MandateTreeTests
{
    private const int Trees = 1_500, LevelsMax = 4;

    private static readonly string[] s_paths = ["**", "src/**", "src/a/**", "docs/**", "*.md", "../**", "/etc", ""];
    private static readonly string[] s_commands = ["*", "git:*", "git push:*", "npm test", "make:*", "a | b", ""];
    private static readonly string[] s_hosts = ["*", "example.com", "*.example.com", "api.example.com", "a b", ""];
    private static readonly string[] s_tools = ["*", "read", "write", "shell", "fetch"];

    private static readonly PolicyAction[] s_actions =
    [
        new("read", new Effect(EffectKind.ReadFile, "src/a/b.cs")),
        new("read", new Effect(EffectKind.ReadFile, "x.md")),
        new("write", new Effect(EffectKind.WriteFile, "src/a/b.cs")),
        new("write", new Effect(EffectKind.WriteFile, "docs/b.md")),
        new("write", new Effect(EffectKind.WriteFile, "z")),
        new("write", new Effect(EffectKind.DeleteFile, "src/c")),
        new("shell", new Effect(EffectKind.RunCommand, "make")),
        new("shell", new Effect(EffectKind.RunCommand, "git push origin x")),
        new("shell", new Effect(EffectKind.RunCommand, "npm test")),
        new("shell", new Effect(EffectKind.HostCommand, "git log")),
        new("fetch", new Effect(EffectKind.Connect, "api.example.com:443")),
        new("fetch", new Effect(EffectKind.Connect, "example.org:443")),
    ];

    [Fact]
    [Trait("Req", "GATE-2")]
    public void What_a_child_may_do_its_parent_may_pass_on()
    {
        var (allowed, wouldHaveEscaped) = (0, 0);

        ForEachChild((parent, request, child) =>
        {
            var gate = new PolicyEngine(child);
            var unguarded = new PolicyEngine(child with { Caveats = [] });
            var layers = parent.Delegation.Scopes.Select(GateOf).ToList();

            foreach (var action in s_actions)
            {
                var isPassable = parent.Delegation.Depth > 0 && layers.Count > 0
                    && layers.TrueForAll(layer => IsPossible(layer, action));
                var isPossible = IsPossible(gate, action);
                allowed += isPossible ? 1 : 0;
                wouldHaveEscaped += !isPassable && IsPossible(unguarded, action) ? 1 : 0;

                Assert.True(!isPossible || isPassable, $"{request} got {action}");
            }
        });

        // The property is worth something: much was allowed, and without the layers much would have escaped.
        Assert.True(allowed > 1_000 && wouldHaveEscaped > 1_000, $"{allowed}, {wouldHaveEscaped}");
    }

    [Fact]
    [Trait("Req", "GATE-2")]
    public void To_be_allowed_something_is_not_to_be_allowed_to_pass_it_on()
    {
        var parent = Mandate.Default("p", "ada", canAsk: true) with { Depth = 3 };

        var (child, _) = Attenuation.Attenuate(parent, Request(MandateScope.All));

        Assert.True(IsPossible(new PolicyEngine(parent), s_actions[2]));
        Assert.All(s_actions, action => Assert.False(IsPossible(new PolicyEngine(child), action)));
    }

    [Fact]
    [Trait("Req", "GATE-2")]
    public void To_be_allowed_to_pass_something_on_is_not_to_be_allowed_it()
    {
        var parent = Mandate.Default("p", "ada", canAsk: true) with
        {
            Tools = [], Paths = [], Depth = 3, Delegation = new Delegation([MandateScope.All], new MandateLimits(), 3),
        };

        var (child, _) = Attenuation.Attenuate(parent, Request(MandateScope.All));

        Assert.False(IsPossible(new PolicyEngine(parent), s_actions[2]));
        Assert.True(IsPossible(new PolicyEngine(child), s_actions[2]));
    }

    [Fact]
    [Trait("Req", "GATE-2")]
    public void Money_that_was_passed_on_is_gone_and_time_depth_and_mode_never_grow() =>
        ForEachChild((parent, request, child) =>
        {
            var (again, left) = Attenuation.Attenuate(parent, request);

            Assert.Equal(child.ToJson(), again.ToJson());
            Assert.True(child.ExpiresAt <= parent.ExpiresAt);
            Assert.True(child.Depth < parent.Depth || child.Depth == 0);
            Assert.True(child.Delegation.Depth < parent.Delegation.Depth || child.Delegation.Depth == 0);
            Assert.True(parent.Limits.DollarsMax is not { } dollars
                || left.DollarsMax + child.Limits.DollarsMax == dollars
                || parent.Delegation.Scopes.IsEmpty || parent.Delegation.Depth == 0);
            Assert.False(left.DollarsMax < 0 && parent.Limits.DollarsMax >= 0);
            Assert.False(left.TokensMax < 0 || left.ToolCallsMax < 0);
            Assert.Empty(child.Approved);
            Assert.Equal(parent.Rules, child.Rules);

            foreach (var kind in Enum.GetValues<EffectKind>())
            {
                Assert.True(StanceOf(child, kind) <= StanceOf(parent, kind), $"{parent.Mode} → {child.Mode}: {kind}");
            }
        });

    [Fact]
    [Trait("Req", "GATE-2")]
    public void A_mandate_crosses_a_process_only_under_the_signature_of_this_installation()
    {
        var home = Directory.CreateTempSubdirectory("reeve-seal-").FullName;

        try
        {
            using var master = MasterKey.OpenOrCreate(home, dataExist: false, new SystemEntropy());
            using var keys = new KeyWrap(master, new SystemEntropy());
            using var another = new KeyWrap(
                MasterKey.OpenOrCreate(home + "2", dataExist: false, new SystemEntropy()), new SystemEntropy());
            using var elsewhere = new KeyWrap(
                MasterKey.OpenOrCreate(home, dataExist: true, new SystemEntropy()), new SystemEntropy());
            var mandate = Mandate.Default("m1", "ada", canAsk: true, PermissionMode.Plan);
            var wider = mandate with { Mode = PermissionMode.BypassPermissions };
            var signature = keys.Mandates.Sign("m1", mandate.ToJson());

            elsewhere.Mandates.Check("m1", mandate.ToJson(), signature);

            AssertForged(() => keys.Mandates.Check("m1", wider.ToJson(), signature));
            AssertForged(() => keys.Mandates.Check("m2", mandate.ToJson(), signature));
            AssertForged(() => another.Mandates.Check("m1", mandate.ToJson(), signature));
            AssertForged(() => keys.Mandates.Check("m1", wider.ToJson(), another.Mandates.Sign("m1", wider.ToJson())));
            AssertForged(() => keys.Mandates.Check("m1", mandate.ToJson(), ""));
            AssertForged(() => keys.Mandates.Check("m1", mandate.ToJson(), "zz"));
            AssertForged(() => keys.Mandates.Check("m1", mandate.ToJson(), signature[..^2] + "00"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
            Directory.Delete(home + "2", recursive: true);
        }
    }

    private static void AssertForged(Action check) =>
        Assert.Equal("mandate.forged", Assert.Throws<ProblemException>(check).Problem.Code);

    private static void ForEachChild(Action<Mandate, DelegationRequest, Mandate> law)
    {
        for (var seed = 0; seed < Trees; seed++)
        {
            var random = new Random(seed);
            var parent = Root(random);

            for (var level = 0; level < LevelsMax; level++)
            {
                var request = AnyRequest(random);
                var (child, left) = Attenuation.Attenuate(parent, request);
                law(parent, request, child);
                parent = random.Next(4) == 0 ? parent with { Limits = left } : child;
            }
        }
    }

    private static Mandate Root(Random random) => Mandate.Default(
        "root", "ada", random.Next(2) == 0, AnyMode(random)) with
    {
        Depth = random.Next(4),
        Limits = AnyLimits(random),
        ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(random.Next(1, 100)),
        Approved = ["Edit(**)"],
        Rules = random.Next(2) == 0 ? [] : [RuleSyntax.Parse("Edit(docs/**)", Decision.Ask, RuleTier.User)],
        Delegation = random.Next(5) == 0 ? Delegation.None
            : new Delegation([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => ReadableScope(random))],
                AnyLimits(random), random.Next(5)),
    };

    private static DelegationRequest AnyRequest(Random random) => new(
        "child", "bob", AnyScope(random), AnyLimits(random), AnyMode(random),
        DateTimeOffset.UnixEpoch.AddDays(random.Next(200)))
    {
        PassesOn = random.Next(3) == 0 ? null : AnyScope(random),
    };

    private static DelegationRequest Request(MandateScope scope) => new(
        "child", "bob", scope, new MandateLimits(), PermissionMode.Default, DateTimeOffset.MaxValue);

    // What an operator wrote is read when it is written; only what a run asks for may be anything.
    private static MandateScope ReadableScope(Random random) => new()
    {
        Tools = Some(random, s_tools), Commands = Some(random, s_commands[..5]), Hosts = Some(random, s_hosts[..4]),
        Paths = [.. Some(random, s_paths[..5]).Select(path => new PathGrant(path, random.Next(2) == 0))],
    };

    private static MandateScope AnyScope(Random random) => random.Next(4) == 0 ? MandateScope.All : new MandateScope
    {
        Tools = Some(random, s_tools), Commands = Some(random, s_commands), Hosts = Some(random, s_hosts),
        Paths = [.. Some(random, s_paths).Select(path => new PathGrant(path, random.Next(2) == 0))],
    };

    private static MandateLimits AnyLimits(Random random) => new(
        random.Next(3) == 0 ? null : random.Next(-5, 100), random.Next(3) == 0 ? null : random.Next(1_000),
        random.Next(3) == 0 ? null : random.Next(50), random.Next(3) == 0 ? null : random.Next(500),
        random.Next(3) == 0 ? null : TimeSpan.FromMinutes(random.Next(500)));

    private static PermissionMode AnyMode(Random random) => (PermissionMode)random.Next(
        Enum.GetValues<PermissionMode>().Length);

    private static ImmutableArray<string> Some(Random random, string[] of) =>
        [.. of.Where(_ => random.Next(3) == 0).Append(of[random.Next(of.Length)])];

    private static PolicyEngine GateOf(MandateScope scope) => new(
        Mandate.Default("layer", "ada", canAsk: true, PermissionMode.BypassPermissions) with
        {
            Tools = scope.Tools, Paths = scope.Paths, Commands = scope.Commands, Hosts = scope.Hosts,
        });

    private static Decision StanceOf(Mandate mandate, EffectKind kind) => new PolicyEngine(
            Mandate.Default("m", "ada", mandate.CanAsk, mandate.Mode))
        .Decide("t", [new Effect(kind, Target(kind))]).Decision;

    private static string Target(EffectKind kind) =>
        kind is EffectKind.HostCommand or EffectKind.RunCommand ? "make" : kind == EffectKind.Connect ? "a.b:1" : "a";

    private static bool IsPossible(PolicyEngine gate, PolicyAction action) =>
        gate.Decide(action.Tool, [action.Effect]).Decision != Decision.Deny;
}
