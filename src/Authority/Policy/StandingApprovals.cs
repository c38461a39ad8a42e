using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>What people approved for longer than one action. It answers a question and allows nothing else.</summary>
/// <remarks>
/// Each is a rule as <see cref="RuleSyntax"/> reads it, and two forms more: <c>Bash(=LINE)</c> is exactly this line,
/// character for character, with whatever operators it has, and <c>Host(…)</c> says of commands on the machine what
/// <c>Bash(…)</c> says of those in the sandbox, since a yes to the one is none to the other. An approval covers what
/// its rule covers and nothing beyond: a rule that names a program does not cover its options that start another one,
/// and what is denied stays denied. Immutable; a revoked rule covers nothing any more.
/// </remarks>
public sealed class StandingApprovals
{
    /// <summary>Rules that stand at the same time.</summary>
    public const int RulesMax = 1_000;

    private const string InSandbox = "Bash(", OnHost = "Host(";

    private readonly ImmutableDictionary<string, Approval> _byText;
    private readonly ImmutableHashSet<string> _revoked;

    private StandingApprovals(ImmutableDictionary<string, Approval> byText, ImmutableHashSet<string> revoked) =>
        (_byText, _revoked) = (byText, revoked);

    public static StandingApprovals None { get; } = new(
        ImmutableDictionary<string, Approval>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableHashSet<string>.Empty.WithComparer(StringComparer.Ordinal));

    public bool IsEmpty => _byText.IsEmpty && _revoked.IsEmpty;

    /// <exception cref="ProblemException"><c>rule.invalid</c></exception>
    public static StandingApprovals Of(IEnumerable<string> rules, params IEnumerable<string> revoked)
    {
        var gone = revoked.ToImmutableHashSet(StringComparer.Ordinal);
        var kept = ImmutableDictionary.CreateBuilder<string, Approval>(StringComparer.Ordinal);

        foreach (var text in rules)
        {
            var rule = Parse(text);

            if (!gone.Contains(rule))
            {
                kept[rule] = Approval.Of(rule);
            }
        }

        Problem.ThrowUnless(
            kept.Count <= RulesMax, "rule.too_many", $"At most {RulesMax} rules can be approved at the same time.");

        return kept.Count == 0 && gone.IsEmpty ? None : new StandingApprovals(kept.ToImmutable(), gone);
    }

    /// <summary>The rule as it is kept; throws <c>rule.invalid</c> for what is none.</summary>
    public static string Parse(string text)
    {
        var rule = text.Trim();

        if (LineOf(rule) is null)
        {
            _ = RuleSyntax.Read(AsCommand(rule));
        }

        Problem.ThrowUnless(
            rule.Length <= RuleSyntax.TextCharsMax && !rule.AsSpan().ContainsAny('\0', '\n', '\r'),
            "rule.invalid", $"A rule is one line of at most {RuleSyntax.TextCharsMax} characters.");

        return rule;
    }

    /// <summary>The narrowest rule that covers an effect; null where no rule can say it.</summary>
    public static string? Suggest(string tool, Effect effect)
    {
        var text = effect.Kind switch
        {
            EffectKind.ReadFile => OfPath("Read", effect.Target),
            EffectKind.WriteFile => OfPath("Edit", effect.Target),
            EffectKind.DeleteFile => OfPath("Delete", effect.Target),
            EffectKind.RunCommand => InSandbox + OfLine(effect.Target),
            EffectKind.HostCommand => OnHost + OfLine(effect.Target),
            EffectKind.Connect => $"WebFetch(domain:{HostRuleIndex.WithoutPort(effect.Target)})",
            EffectKind.Widen => null,
            _ => tool,
        };

        try
        {
            return text is null ? null : Parse(text);
        }
        catch (ProblemException)
        {
            // A name or line that no rule can hold is asked each time.
            return null;
        }
    }

    /// <summary>Without what was revoked in a run.</summary>
    internal StandingApprovals Without(StandingApprovals other) =>
        other._revoked.IsEmpty ? this : new StandingApprovals(_byText.RemoveRange(other._revoked), _revoked);

    /// <summary>The rule that covers an effect which is asked; null where none does.</summary>
    /// <param name="asking">The gate that asks, without any approval.</param>
    internal string? RuleFor(string tool, Effect effect, PolicyEngine asking)
    {
        // What widens is asked each time: otherwise one approval could bring about the next.
        if (effect.Kind == EffectKind.Widen)
        {
            return null;
        }

        foreach (var (text, approval) in _byText)
        {
            if (approval.Covers(tool, effect))
            {
                return text;
            }
        }

        return effect.Kind == EffectKind.HostCommand ? RuleForParts(effect.Target, asking) : null;
    }

    /// <summary>Each part that is asked has to be allowed by a rule, as a rule of the user would allow it.</summary>
    private string? RuleForParts(string line, PolicyEngine asking)
    {
        var commands = _byText.Where(entry => entry.Value is { Line: null, IsOnHost: true })
            .Select(entry => RuleSyntax.Parse(AsCommand(entry.Key), Decision.Allow, RuleTier.User)).ToList();
        var asked = asking.JudgeAlone(line);

        if (commands.Count == 0 || asked.Decisive < 0)
        {
            return null;
        }

        var mandate = Mandates.Mandate.Default("approved", "approved", canAsk: true) with { Rules = [.. commands] };
        var approved = new PolicyEngine(mandate).JudgeAlone(line);
        var isCovered = approved.Parts.Length == asked.Parts.Length && approved.Decisive >= 0
            && asked.Parts.Zip(approved.Parts).All(pair => pair.First.Verdict.IsAllowed
                || (pair.First.Verdict.Decision == Decision.Ask && IsByRule(pair.Second.Verdict)));

        return isCovered
            ? OnHost + approved.Parts.First(part => IsByRule(part.Verdict))
                .Verdict.Rule[("allow " + InSandbox).Length..]
            : null;
    }

    private static bool IsByRule(Verdict verdict) =>
        verdict.IsAllowed && verdict.Rule.StartsWith("allow ", StringComparison.Ordinal);

    private static string? OfPath(string kind, string target) =>
        WorkspacePath.Normalise(target) is { } path && path != "."
            && !path.AsSpan().ContainsAny("*?[]{}\\!,") ? $"{kind}({path})" : null;

    private static string OfLine(string line)
    {
        var isPlain = line.Length > 0 && line == line.Trim() && !line.Contains("  ", StringComparison.Ordinal)
            && !line.EndsWith(':') && !line.AsSpan().ContainsAny("|&;<>()`$\"'\\*?[]{}~#!=\t");

        return isPlain ? $"{line})" : $"={line})";
    }

    private static bool IsOfHost(string rule) => rule.StartsWith(OnHost, StringComparison.Ordinal);

    private static string AsCommand(string rule) => IsOfHost(rule) ? InSandbox + rule[OnHost.Length..] : rule;

    private static string? LineOf(string rule) =>
        (rule.StartsWith(InSandbox + "=", StringComparison.Ordinal)
            || rule.StartsWith(OnHost + "=", StringComparison.Ordinal)) && rule.EndsWith(')') && rule.Length > 7
            ? rule[(InSandbox.Length + 1)..^1] : null;

    /// <summary>One rule with what it takes to match it.</summary>
    private sealed record Approval(
        string? Line, RulePattern? Pattern, CommandRuleIndex? Commands, HostRuleIndex? Hosts)
    {
        /// <summary>What was approved in the sandbox was not on the machine, nor the other way about.</summary>
        public bool IsOnHost { get; private init; }

        public static Approval Of(string text)
        {
            if (LineOf(text) is { } line)
            {
                return new Approval(line, null, null, null) { IsOnHost = IsOfHost(text) };
            }

            var pattern = RuleSyntax.Read(AsCommand(text));
            var rule = new Rule(Decision.Allow, RuleTier.User, text);
            var verdict = new Verdict(Decision.Allow, string.Empty, text);
            var commands = pattern is RulePattern.Command ? new CommandRuleIndex(Verdicts.CommandNotGranted) : null;
            var hosts = pattern is RulePattern.Host ? new HostRuleIndex() : null;
            commands?.Add(((RulePattern.Command)pattern).Pattern, new CompiledRule(rule, pattern, verdict));
            hosts?.Add(((RulePattern.Host)pattern).Domain, verdict);

            return new Approval(null, pattern, commands, hosts) { IsOnHost = IsOfHost(text) };
        }

        public bool Covers(string tool, Effect effect) => effect.Kind switch
        {
            EffectKind.RunCommand when Line is not null => !IsOnHost && Line == effect.Target,
            EffectKind.HostCommand when Line is not null => IsOnHost && Line == effect.Target,
            EffectKind.RunCommand when Commands is not null => !IsOnHost
                && Commands.Find(effect.Target) is { IsAllowed: true },
            EffectKind.Connect when Hosts is not null => Hosts.Find(effect.Target) is not null,
            _ => Pattern switch
            {
                RulePattern.Path path => path.Kind == effect.Kind
                    && WorkspacePath.Normalise(effect.Target) is { } normal && path.Glob.Covers(normal),
                RulePattern.Tool named => named.Name.EndsWith('*')
                    ? tool.StartsWith(named.Name[..^1], StringComparison.Ordinal) : named.Name == tool,
                _ => false,
            },
        };
    }
}
