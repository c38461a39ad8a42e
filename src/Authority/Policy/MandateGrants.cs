using System.Collections.Frozen;
using System.Collections.Immutable;
using Reeve.Authority.Mandates;

namespace Reeve.Authority.Policy;

/// <summary>What one layer of a mandate covers at all; rules decide only inside all of them.</summary>
internal sealed class MandateGrants
{
    private static readonly Verdict s_covered = new(Decision.Allow, "Covered.", "mandate");

    private readonly ImmutableArray<PathGlob> _readable;
    private readonly ImmutableArray<PathGlob> _changeable;
    private readonly CommandRuleIndex _commands = new(Verdicts.CommandNotGranted);
    private readonly HostRuleIndex _hosts = new();
    private readonly FrozenSet<string> _tools;
    private readonly bool _hasAllTools;
    private readonly bool _readsAll;
    private readonly bool _changesAll;
    private readonly bool _runsAll;
    private readonly bool _reachesAll;

    public MandateGrants(MandateScope mandate)
    {
        _tools = mandate.Tools.ToFrozenSet(StringComparer.Ordinal);
        _hasAllTools = _tools.Contains(Mandate.All);
        _readable = [.. mandate.Paths.Select(grant => PathGlob.Parse(grant.Pattern))];
        _changeable =
            [.. mandate.Paths.Where(grant => grant.CanChange).Select(grant => PathGlob.Parse(grant.Pattern))];
        _readsAll = mandate.Paths.Any(grant => grant.Pattern == "**");
        _changesAll = mandate.Paths.Any(grant => grant is { Pattern: "**", CanChange: true });
        _runsAll = mandate.Commands.Contains(Mandate.All, StringComparer.Ordinal);
        _reachesAll = mandate.Hosts.Contains(Mandate.All, StringComparer.Ordinal);

        foreach (var command in mandate.Commands)
        {
            var pattern = CommandPattern.Parse(command);
            var rule = new Rule(Decision.Allow, RuleTier.Administrator, command);
            _commands.Add(pattern, new CompiledRule(rule, new RulePattern.Command(pattern), s_covered));
        }

        foreach (var host in mandate.Hosts)
        {
            _hosts.Add(RuleSyntax.ReadDomain("domain:" + host), s_covered);
        }
    }

    public bool HasTool(string tool) => _hasAllTools || _tools.Contains(tool);

    public bool ReadsAll => _readsAll;

    /// <summary>Why an effect lies outside the mandate; null when it lies inside.</summary>
    public Verdict? Refuse(EffectKind kind, string target) => kind switch
    {
        EffectKind.ReadFile => _readsAll || Covers(_readable, target) ? null : Verdicts.PathNotGranted,
        EffectKind.WriteFile or EffectKind.DeleteFile =>
            _changesAll || Covers(_changeable, target) ? null : Verdicts.PathNotGranted,
        EffectKind.RunCommand or EffectKind.HostCommand =>
            _runsAll || _commands.Find(target) is not null ? null : Verdicts.CommandNotGranted,
        EffectKind.Connect => _reachesAll || _hosts.Find(target) is not null ? null : Verdicts.HostNotGranted,
        _ => null,
    };

    private static bool Covers(ImmutableArray<PathGlob> globs, string path)
    {
        foreach (var glob in globs)
        {
            if (glob.Covers(path))
            {
                return true;
            }
        }

        return false;
    }
}
