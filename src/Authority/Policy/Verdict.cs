namespace Reeve.Authority.Policy;

/// <summary>What the gate says of one action, and why.</summary>
/// <param name="Reason">One sentence for the model and the user.</param>
/// <param name="Rule">The rule as it was written, or the part of the mandate that decided.</param>
public sealed record Verdict(Decision Decision, string Reason, string Rule)
{
    public bool IsAllowed => Decision == Decision.Allow;
}

/// <summary>Strictest wins; the unset value is the strictest.</summary>
public enum Decision
{
    Deny = 0,
    Ask,
    Allow,
}
