using Reeve.Authority.Mandates;

namespace Reeve.Authority.Policy;

/// <summary>All verdicts of one mandate, made once: what they say depends on the mode and on whom one can
/// ask.</summary>
internal sealed class Verdicts
{
    private readonly bool _isAsked;
    private readonly string _whyNotAsked;
    private readonly Verdict?[] _byKind = new Verdict?[Enum.GetValues<EffectKind>().Length];
    private readonly bool _isPlan;

    public Verdicts(Mandate mandate)
    {
        _isAsked = mandate.CanAsk && mandate.Mode != PermissionMode.DontAsk;
        _isPlan = mandate.Mode == PermissionMode.Plan;
        _whyNotAsked = mandate.Mode == PermissionMode.DontAsk
            ? " The mode dontAsk denies what would be asked."
            : " Nobody can be asked in this run, so it is denied.";
        var mode = char.ToLowerInvariant(mandate.Mode.ToString()[0]) + mandate.Mode.ToString()[1..];

        foreach (var kind in Enum.GetValues<EffectKind>())
        {
            _byKind[(int)kind] = Of(StanceOf(mandate.Mode, kind), kind, mode);
        }

        NotUnderstood = Ask(
            "The command line has a part that cannot be compared with the rules.", "mandate: commands");
    }

    public Verdict NotUnderstood { get; }

    public static Verdict UnknownEffect { get; } =
        new(Decision.Deny, "The call has an effect that is not known.", "mandate: unknown effect");

    public static Verdict NoEffects { get; } =
        new(Decision.Deny, "The call does not say what it would touch.", "mandate: unknown effect");

    public static Verdict Expired { get; } = new(
        Decision.Deny,
        "The mandate of this run has expired; a new run under a new mandate can go on.",
        "mandate: expiry");

    public static Verdict BeyondCeiling { get; } = new(
        Decision.Deny,
        "What the run has read lies beyond the ceiling of its mandate, so it may do nothing more.",
        "mandate: ceiling");

    public static Verdict ToolNotGranted { get; } =
        new(Decision.Deny, "The mandate of this run does not name this tool.", "mandate: tools");

    public static Verdict PathNotGranted { get; } =
        new(Decision.Deny, "The mandate of this run does not cover this path.", "mandate: paths");

    public static Verdict CommandNotGranted { get; } =
        new(Decision.Deny, "The mandate of this run does not cover this command.", "mandate: commands");

    public static Verdict HostNotGranted { get; } =
        new(Decision.Deny, "The mandate of this run does not cover this host.", "mandate: hosts");

    public static Verdict PathOutside { get; } = new(
        Decision.Deny, "The path is not inside the workspace; use a path relative to it.", "mandate: workspace");

    public static Verdict Protected { get; } = new(
        Decision.Deny,
        "A repository's .git and Reeve's .reeve are protected in every mode; use git commands for the first.",
        "mandate: protected");

    /// <summary>What the mode says where no rule speaks.</summary>
    public Verdict OfMode(EffectKind kind) =>
        (uint)kind < (uint)_byKind.Length ? _byKind[(int)kind]! : UnknownEffect;

    /// <summary>True when no rule can allow it in this mode.</summary>
    public bool IsFinal(EffectKind kind) => kind is EffectKind.Unknown or EffectKind.AskPerson
        || (_isPlan && kind is not (EffectKind.None or EffectKind.ReadFile));

    public Verdict Of(Rule rule)
    {
        var tier = rule.Tier switch
        {
            RuleTier.Administrator => "administrator",
            RuleTier.User => "user",
            _ => "workspace",
        };

        return rule.Decision switch
        {
            Decision.Allow => new Verdict(Decision.Allow, $"Allowed by a rule of the {tier}.", $"allow {rule.Text}"),
            Decision.Ask => Ask($"A rule of the {tier} asks first.", $"ask {rule.Text}"),
            _ => new Verdict(Decision.Deny, $"Denied by a rule of the {tier}.", $"deny {rule.Text}"),
        };
    }

    private Verdict Of(Decision? stance, EffectKind kind, string mode) => stance switch
    {
        Decision.Allow => new Verdict(Decision.Allow, $"The mode {mode} allows it.", $"mandate: {mode}"),
        Decision.Ask => Ask($"The mode {mode} asks before {NameOf(kind)}.", $"mandate: {mode}"),
        _ => new Verdict(
            Decision.Deny,
            _isPlan ? "The mode plan only reads." : $"No rule allows {NameOf(kind)}.",
            $"mandate: {mode}"),
    };

    public Verdict Ask(string reason, string rule) => _isAsked
        ? new Verdict(Decision.Ask, reason, rule)
        : new Verdict(Decision.Deny, reason + _whyNotAsked, rule);

    internal static Decision StanceOf(PermissionMode mode, EffectKind kind) => (mode, kind) switch
    {
        (_, EffectKind.Unknown) => Decision.Deny,
        (_, EffectKind.None or EffectKind.ReadFile) => Decision.Allow,
        (_, EffectKind.AskPerson) => Decision.Ask,
        (PermissionMode.Plan, _) => Decision.Deny,
        (PermissionMode.Manual, EffectKind.WriteFile or EffectKind.DeleteFile) => Decision.Ask,
        (PermissionMode.Manual or PermissionMode.AcceptEdits, EffectKind.RunCommand) => Decision.Ask,
        (_, EffectKind.WriteFile or EffectKind.DeleteFile or EffectKind.RunCommand) => Decision.Allow,
        (_, EffectKind.Apply or EffectKind.HostCommand or EffectKind.UseSecret or EffectKind.Widen) => Decision.Ask,
        (PermissionMode.BypassPermissions, _) => Decision.Allow,
        (_, EffectKind.Connect or EffectKind.Delegate) => Decision.Ask,
        _ => Decision.Deny,
    };

    private static string NameOf(EffectKind kind) => kind switch
    {
        EffectKind.ReadFile => "reading a file",
        EffectKind.WriteFile => "writing a file",
        EffectKind.DeleteFile => "deleting a file",
        EffectKind.RunCommand => "running a command",
        EffectKind.Connect => "using the network",
        EffectKind.Spend => "spending money",
        EffectKind.Send => "sending a message",
        EffectKind.Remember => "writing to memory",
        EffectKind.Delegate => "starting another run",
        EffectKind.Apply => "changing the user's own files",
        EffectKind.HostCommand => "running a command outside the sandbox",
        EffectKind.UseSecret => "using a secret",
        EffectKind.Widen => "a plan that is not asked about again",
        EffectKind.AskPerson => "going on: it has a question",
        _ => "this effect",
    };
}
