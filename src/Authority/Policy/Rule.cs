namespace Reeve.Authority.Policy;

/// <summary>A rule as somebody wrote it; <see cref="RuleSyntax"/> says what it means.</summary>
/// <param name="Text">As <c>Bash(git push:*)</c>, <c>Read(.env)</c> or the name of a tool.</param>
public sealed record Rule(Decision Decision, RuleTier Tier, string Text);

/// <summary>Who wrote a rule. A workspace may only narrow: what it allows counts for nothing.</summary>
public enum RuleTier
{
    Workspace = 0,
    User,
    Administrator,
}
