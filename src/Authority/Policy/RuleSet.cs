using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>Rules compiled for looking up; the strictest that applies to an effect speaks.</summary>
internal sealed class RuleSet
{
    private readonly ToolRuleIndex _tools = new();
    private readonly CommandRuleIndex _commands;
    private readonly HostRuleIndex _hosts = new();
    private readonly PathRuleIndex _reads = new();
    private readonly PathRuleIndex _writes = new();
    private readonly PathRuleIndex _deletions = new();

    public RuleSet(IEnumerable<Rule> rules, Verdicts verdicts)
    {
        _commands = new CommandRuleIndex(verdicts.NotUnderstood);

        foreach (var rule in rules)
        {
            Add(new CompiledRule(rule, RuleSyntax.Read(rule.Text), verdicts.Of(rule)));
        }
    }

    /// <summary>Whether some rule could keep a path from being read unasked.</summary>
    public bool HasReads => !_reads.IsEmpty;

    public Verdict? Find(string tool, Effect effect, string target)
    {
        var found = effect.Kind switch
        {
            EffectKind.ReadFile => _reads.Find(target),
            EffectKind.WriteFile => _writes.Find(target),
            EffectKind.DeleteFile => CompiledRule.Stricter(_deletions.Find(target), _deletions.FindBelow(target)),
            EffectKind.RunCommand => _commands.Find(target),
            EffectKind.Connect => _hosts.Find(target),
            _ => null,
        };

        return CompiledRule.Stricter(found, _tools.Find(tool));
    }

    /// <summary>What rules about commands and files deny or ask of a command that leaves the sandbox.</summary>
    /// <param name="onlyReads">It changes nothing, and its arguments are no programs.</param>
    public Verdict? Restrict(SimpleCommand command, bool onlyReads)
    {
        var found = _commands.Restrict(command, onlyReads);

        foreach (var word in command.Words.Skip(1))
        {
            if (word.IsLiteral && !word.Text.StartsWith('-') && WorkspacePath.Normalise(word.Text) is { } path)
            {
                found = Stricter(found, _reads.Find(path));
                found = onlyReads ? found : Stricter(Stricter(found, _writes.Find(path)), _deletions.Find(path));
            }
        }

        foreach (var redirect in command.Redirects)
        {
            if (redirect.Target.IsLiteral && WorkspacePath.Normalise(redirect.Target.Text) is { } path)
            {
                found = Stricter(found, (redirect.IsWrite ? _writes : _reads).Find(path));
            }
        }

        return found;
    }

    public bool RestrictsCommands => _commands.HasRestriction;

    public IEnumerable<CompiledRule> Permissions(ImmutableArray<ShellWord> words) => _commands.Permissions(words);

    /// <summary>A rule allows writing this file of the workspace.</summary>
    public bool AllowsWrite(ShellWord target) => target.IsLiteral
        && WorkspacePath.Normalise(target.Text) is { } path && !ProtectedPaths.Contains(path)
        && _writes.Find(path) is { IsAllowed: true };

    // What a rule allows is no restriction.
    private static Verdict? Stricter(Verdict? found, Verdict? other) =>
        other is null or { IsAllowed: true } ? found : CompiledRule.Stricter(found, other);

    private void Add(CompiledRule rule)
    {
        switch (rule.Pattern)
        {
            case RulePattern.Tool tool:
                _tools.Add(tool.Name, rule.Verdict);
                break;
            case RulePattern.Command command:
                _commands.Add(command.Pattern, rule);
                break;
            case RulePattern.Host host:
                _hosts.Add(host.Domain, rule.Verdict);
                break;
            case RulePattern.Path path:
                AddPath(path, rule.Verdict);
                break;
        }
    }

    private void AddPath(RulePattern.Path path, Verdict verdict)
    {
        var index = path.Kind switch
        {
            EffectKind.ReadFile => _reads,
            EffectKind.WriteFile => _writes,
            _ => _deletions,
        };
        index.Add(path.Glob, verdict);

        // Who must not change a file must not delete it either; leave to change it is no leave to delete it.
        if (path.Kind == EffectKind.WriteFile && !verdict.IsAllowed)
        {
            _deletions.Add(path.Glob, verdict);
        }
    }
}
