namespace Reeve.Authority.Policy;

/// <summary>A rule ready to be matched, with the one verdict it gives.</summary>
internal sealed record CompiledRule(Rule Source, RulePattern Pattern, Verdict Verdict)
{
    /// <summary>The stricter of two verdicts; a rule that does not apply has none.</summary>
    public static Verdict? Stricter(Verdict? left, Verdict? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        return right.Decision < left.Decision ? right : left;
    }
}
