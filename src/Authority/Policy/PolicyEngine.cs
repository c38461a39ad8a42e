using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Authority.Policy;

/// <summary>The gate: says of each call whether the mandate and the rules allow what it would touch.</summary>
/// <remarks>
/// Pure, and compiled once from an immutable mandate. The strictest effect decides; for one effect deny wins over
/// ask and ask over allow, whatever the order of the rules. Rules of the workspace are looked at last and can only
/// make the result stricter. What is unknown is denied. Verdicts are made beforehand: a decision allocates nothing,
/// except where a path or a shell line has to be taken apart to compare it with a rule.
/// </remarks>
public sealed class PolicyEngine : IGate
{
    public const int EffectsMax = 1_000;

    private readonly Verdicts _verdicts;
    private readonly RuleSet _rules;
    private readonly RuleSet? _narrowing;
    private readonly MandateGrants[] _layers;
    private readonly HostCommandJudge _hostCommands;
    private readonly RuleSet? _twoPersons;
    private readonly StandingApprovals _approved;
    private readonly Lazy<PolicyEngine> _asking;
    private readonly DateTimeOffset _expiresAt;
    private readonly Label _ceiling;

    public PolicyEngine(Mandate mandate)
    {
        Problem.ThrowUnless(
            mandate.Rules.Length <= Mandate.RulesMax,
            "mandate.invalid",
            $"A mandate has at most {Mandate.RulesMax} rules.");

        _verdicts = new Verdicts(mandate);
        var twoPersons = mandate.TwoPersons
            .Select(text => RuleSyntax.Parse(text, Decision.Ask, RuleTier.Administrator)).ToList();
        _twoPersons = twoPersons.Count > 0 ? new RuleSet(twoPersons, _verdicts) : null;
        _rules = new RuleSet(
            mandate.Rules.Where(rule => rule.Tier != RuleTier.Workspace).Concat(twoPersons), _verdicts);
        var narrowing = mandate.Rules
            .Where(rule => rule.Tier == RuleTier.Workspace && rule.Decision != Decision.Allow)
            .ToList();
        _narrowing = narrowing.Count > 0 ? new RuleSet(narrowing, _verdicts) : null;
        _hostCommands = new HostCommandJudge(
            _verdicts, _rules, _narrowing, new ProtectedBranches(mandate.ProtectedBranches));
        _approved = StandingApprovals.Of(mandate.Approved);
        _asking = new Lazy<PolicyEngine>(() => mandate.CanAsk && mandate.Mode != PermissionMode.DontAsk
            ? this : new PolicyEngine(Asking(mandate)));
        _layers = [.. mandate.Caveats.Prepend(mandate.Scope()).Select(scope => new MandateGrants(scope))];
        _expiresAt = mandate.ExpiresAt;
        _ceiling = mandate.Ceiling.ToLabel();
    }

    /// <summary>Decides about one call, here and now. The list of effects is the tool's own, complete one.</summary>
    public Verdict Decide(string tool, IReadOnlyList<Effect> effects, in Circumstances circumstances)
    {
        if (circumstances.Now >= _expiresAt)
        {
            return Verdicts.Expired;
        }

        if (!circumstances.Seen.FlowsTo(_ceiling))
        {
            return Verdicts.BeyondCeiling;
        }

        var verdict = Decide(tool, effects);

        return verdict.IsAllowed ? verdict : Answered(tool, effects, circumstances.Approved) ?? verdict;
    }

    /// <summary>How many different persons have to approve a call that is asked.</summary>
    public int PersonsFor(string tool, IReadOnlyList<Effect> effects)
    {
        if (_twoPersons is null)
        {
            return 1;
        }

        foreach (var effect in effects)
        {
            // What is said of commands holds wherever they run.
            var asked = effect.Kind == EffectKind.HostCommand ? effect with { Kind = EffectKind.RunCommand } : effect;

            if (_twoPersons.Find(tool, asked, TargetOf(effect)) is not null)
            {
                return 2;
            }
        }

        return 1;
    }

    /// <summary>What mandate and rules say of a call, whenever it is asked and whatever led to it.</summary>
    public Verdict Decide(string tool, IReadOnlyList<Effect> effects)
    {
        if (!HasTool(tool))
        {
            return Verdicts.ToolNotGranted;
        }

        if (effects.Count is 0 or > EffectsMax)
        {
            return Verdicts.NoEffects;
        }

        var strictest = Decide(tool, effects[0]);

        for (var index = 1; index < effects.Count && strictest.Decision != Decision.Deny; index++)
        {
            strictest = CompiledRule.Stricter(strictest, Decide(tool, effects[index]))!;
        }

        return strictest;
    }

    /// <summary>
    /// Decides about one file found on the way, as by a search below a directory that was itself allowed: the file
    /// grant asks this for each path it opens.
    /// </summary>
    public Verdict DecidePath(string tool, EffectKind kind, string pathInWorkspace, DateTimeOffset now)
    {
        if (now >= _expiresAt)
        {
            return Verdicts.Expired;
        }

        var effect = new Effect(kind, pathInWorkspace);
        var verdict = Decide(tool, effect);

        return verdict.IsAllowed ? verdict : Answered(tool, [effect], inRun: null) ?? verdict;
    }

    /// <summary>Whether there may be a path that nobody in the run can read unasked; where none can be, nobody has
    /// to look.</summary>
    public bool MayHidePaths => !Array.TrueForAll(_layers, layer => layer.ReadsAll)
        || _rules.HasReads || _narrowing?.HasReads == true;

    /// <summary>
    /// Whether a path may be read unasked, by whatever means: what a command sees is not for a tool to answer for.
    /// </summary>
    public bool ShowsPath(string pathInWorkspace) =>
        Decide(string.Empty, new Effect(EffectKind.ReadFile, pathInWorkspace)).IsAllowed;

    /// <summary>
    /// Judges a command line that would leave the sandbox, and says so of each of its parts: the same decision that
    /// a call with <see cref="EffectKind.HostCommand"/> meets.
    /// </summary>
    public CommandJudgement JudgeCommand(string line)
    {
        var judged = JudgeAlone(line);

        return judged.Verdict.IsAllowed
            || Answered(string.Empty, [new Effect(EffectKind.HostCommand, line)], inRun: null) is not { } answered
            ? judged : judged with { Verdict = answered, Decisive = -1 };
    }

    internal CommandJudgement JudgeAlone(string line)
    {
        if (Refuse(EffectKind.HostCommand, line) is { } refusal)
        {
            return new CommandJudgement(refusal, [], -1);
        }

        return _verdicts.IsFinal(EffectKind.HostCommand)
            ? new CommandJudgement(_verdicts.OfMode(EffectKind.HostCommand), [], -1)
            : _hostCommands.Judge(line);
    }

    private bool HasTool(string tool)
    {
        foreach (var layer in _layers)
        {
            if (!layer.HasTool(tool))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Why an effect lies outside the mandate; null where every layer covers it.</summary>
    private Verdict? Refuse(EffectKind kind, string target)
    {
        foreach (var layer in _layers)
        {
            if (layer.Refuse(kind, target) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Mandate Asking(Mandate mandate) => mandate with
    {
        CanAsk = true, Approved = [],
        Mode = mandate.Mode == PermissionMode.DontAsk ? PermissionMode.Auto : mandate.Mode,
    };

    private static string TargetOf(Effect effect) =>
        effect.Kind is EffectKind.ReadFile or EffectKind.WriteFile or EffectKind.DeleteFile
            ? WorkspacePath.Normalise(effect.Target ?? string.Empty) ?? string.Empty : effect.Target ?? string.Empty;

    /// <summary>
    /// A question that people answered beforehand: every effect that would be asked is covered by what they
    /// approved, and none is denied. Null where the question stands.
    /// </summary>
    private Verdict? Answered(string tool, IReadOnlyList<Effect> effects, StandingApprovals? inRun)
    {
        if ((_approved.IsEmpty && inRun is null or { IsEmpty: true }) || effects.Count is 0 or > EffectsMax
            || PersonsFor(tool, effects) > 1 || !HasTool(tool))
        {
            return null;
        }

        var asking = _asking.Value;
        string? rule = null;

        foreach (var effect in effects)
        {
            var verdict = asking.Decide(tool, effect);

            if (verdict.IsAllowed)
            {
                continue;
            }

            var known = verdict.Decision == Decision.Deny ? null
                : inRun?.RuleFor(tool, effect, asking)
                    ?? (inRun is null ? _approved : _approved.Without(inRun)).RuleFor(tool, effect, asking);

            if (known is null)
            {
                return null;
            }

            rule ??= known;
        }

        return rule is null ? null
            : new Verdict(Decision.Allow, "A person approved it beforehand.", $"approved {rule}");
    }

    private Verdict Decide(string tool, Effect effect)
    {
        var target = effect.Target ?? string.Empty;

        if (effect.Kind is EffectKind.ReadFile or EffectKind.WriteFile or EffectKind.DeleteFile)
        {
            if (WorkspacePath.Normalise(target) is not { } path)
            {
                return Verdicts.PathOutside;
            }

            if (effect.Kind != EffectKind.ReadFile && ProtectedPaths.Contains(path))
            {
                return Verdicts.Protected;
            }

            target = path;
        }

        if (Refuse(effect.Kind, target) is { } refusal)
        {
            return refusal;
        }

        if (effect.Kind == EffectKind.HostCommand)
        {
            // A rule about the tool can only be stricter than what is said of the line.
            var judged = CompiledRule.Stricter(JudgeAlone(target).Verdict, _rules.Find(tool, effect, target));
            return CompiledRule.Stricter(judged, _narrowing?.Find(tool, effect, target))!;
        }

        var verdict = Weigh(tool, effect, target);

        return effect.Kind == EffectKind.RunCommand
            ? CompiledRule.Stricter(verdict, OfRedirections(tool, target))!
            : verdict;
    }

    private Verdict Weigh(string tool, Effect effect, string target)
    {
        var ofMode = _verdicts.OfMode(effect.Kind);

        if (_verdicts.IsFinal(effect.Kind))
        {
            return ofMode;
        }

        // A rule of user or administrator takes the place of the mode where it allows, and adds to it otherwise.
        var ofRules = _rules.Find(tool, effect, target);
        var verdict = ofRules switch
        {
            null => ofMode,
            { IsAllowed: true } => ofRules,
            _ when ofMode.IsAllowed || ofRules.Decision == Decision.Deny => ofRules,
            _ => CompiledRule.Stricter(ofRules, ofMode.Decision == Decision.Ask ? ofMode : null)!,
        };

        return CompiledRule.Stricter(verdict, _narrowing?.Find(tool, effect, target))!;
    }

    // A shell line can write a file without any program; only the rules speak here, since the view is contained.
    private Verdict? OfRedirections(string tool, string line)
    {
        if (!line.AsSpan().ContainsAny('<', '>'))
        {
            return null;
        }

        Verdict? found = null;

        foreach (var redirect in ShellGrammar.Parse(line).Commands.SelectMany(command => command.Redirects))
        {
            var isPath = WorkspacePath.Normalise(redirect.Target.Text) is not null;

            if (redirect.Target.IsLiteral && isPath)
            {
                var kind = redirect.IsWrite ? EffectKind.WriteFile : EffectKind.ReadFile;
                found = CompiledRule.Stricter(found, Decide(tool, new Effect(kind, redirect.Target.Text)));
            }
        }

        return found;
    }
}
