using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>Actions that tell sets of rules apart: for each rule some that it covers, and where two
/// meet.</summary>
/// <remarks>Examples and no proof: a difference that is found is real, and one that lies where no rule points is not
/// looked for.</remarks>
public static class RuleSpace
{
    /// <summary>Actions that are looked at; rules beyond it are judged by themselves and not in pairs.</summary>
    public const int ActionsMax = 50_000;

    /// <summary>The actions at which the new gate is freer or stricter than the old one.</summary>
    public static IReadOnlyList<(PolicyAction Action, Verdict Before, Verdict After)> Compare(
        PolicyEngine before, PolicyEngine after, IEnumerable<Rule> rules)
    {
        var differences = new List<(PolicyAction, Verdict, Verdict)>();

        foreach (var action in ActionsOf([.. rules]))
        {
            var (old, now) = (before.Decide(action.Tool, [action.Effect]), after.Decide(action.Tool, [action.Effect]));

            if (old.Decision != now.Decision)
            {
                differences.Add((action, old, now));
            }
        }

        return differences;
    }

    /// <summary>Actions that rules are about.</summary>
    public static IReadOnlyList<PolicyAction> ActionsOf(ImmutableArray<Rule> rules)
    {
        var actions = new List<PolicyAction>();
        var paths = new List<string>();

        foreach (var rule in rules)
        {
            actions.AddRange(Of(RuleSyntax.Read(rule.Text), rule.Text, paths));
        }

        // The folder of one pattern with the name of another: where the two speak together.
        var folders = paths.Select(path => path[..(path.LastIndexOf('/') + 1)]).Distinct(StringComparer.Ordinal);
        var names = paths.Select(path => path[(path.LastIndexOf('/') + 1)..]).Distinct(StringComparer.Ordinal).ToList();
        var meeting = folders.SelectMany(folder => names.Select(name => folder + name))
            .Concat(paths).Distinct(StringComparer.Ordinal).Take((ActionsMax - actions.Count) / 3);
        actions.AddRange(meeting.SelectMany(path => new[]
        {
            new PolicyAction("read", new Effect(EffectKind.ReadFile, path)),
            new PolicyAction("write", new Effect(EffectKind.WriteFile, path)),
            new PolicyAction("delete", new Effect(EffectKind.DeleteFile, path)),
        }));

        return [.. actions.Distinct()];
    }

    private static IEnumerable<PolicyAction> Of(RulePattern pattern, string text, List<string> paths)
    {
        switch (pattern)
        {
            case RulePattern.Path:
                paths.AddRange(PathsOf(text.Contains('(', StringComparison.Ordinal) ? text[(text.IndexOf('(') + 1)..^1]
                    : "**"));
                return [];
            case RulePattern.Command command:
                return LinesOf(command.Pattern).SelectMany(line => new[]
                {
                    new PolicyAction("shell", new Effect(EffectKind.RunCommand, line)),
                    new PolicyAction("host", new Effect(EffectKind.HostCommand, line)),
                });
            case RulePattern.Host host:
                var name = host.Domain.Length == 0
                    ? "example.org" : host.Domain.Replace("*.", "a.", StringComparison.Ordinal);
                return [new PolicyAction("fetch", new Effect(EffectKind.Connect, name + ":443"))];
            case RulePattern.Tool tool:
                var called = tool.Name.Replace("*", "x", StringComparison.Ordinal);
                return
                [
                    new PolicyAction(called, new Effect(EffectKind.None, "")),
                    new PolicyAction(called, new Effect(EffectKind.WriteFile, "a.txt")),
                    new PolicyAction(called, new Effect(EffectKind.RunCommand, "make")),
                    new PolicyAction(called, new Effect(EffectKind.Connect, "example.org:443")),
                ];
            default:
                return [];
        }
    }

    private static IEnumerable<string> LinesOf(CommandPattern pattern)
    {
        var words = string.Join(' ', pattern.Words.Select(word => word.Replace("*", "x", StringComparison.Ordinal)));

        if (words.Length == 0)
        {
            return ["make", "rm -r build"];
        }

        return pattern.IsPrefix ? [words, words + " x", words + " --force"] : [words];
    }

    // Alternatives in braces are written out one by one; nested ones as far as the first.
    private static IEnumerable<string> PathsOf(string pattern)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        var close = pattern.IndexOf('}', StringComparison.Ordinal);

        if (open >= 0 && close > open)
        {
            return pattern[(open + 1)..close].Split(',')
                .SelectMany(choice => PathsOf(pattern[..open] + choice + pattern[(close + 1)..]));
        }

        var plain = pattern.TrimStart('!').Replace("**", "a/b", StringComparison.Ordinal)
            .Replace('*', 'x').Replace('?', 'y').Replace("[", "", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal).TrimEnd('/');

        return plain.Length == 0 ? [] : [plain, plain + "/c"];
    }
}

/// <summary>Something a tool would do.</summary>
public sealed record PolicyAction(string Tool, Effect Effect)
{
    public override string ToString() => Effect.Target.Length == 0 ? Tool : $"{Tool} {Effect.Target}";
}
