namespace Reeve.Authority.Policy;

/// <summary>What a rule is about, read once from its text.</summary>
internal abstract record RulePattern
{
    /// <summary>Any call of a tool; the name may end in <c>*</c>.</summary>
    public sealed record Tool(string Name) : RulePattern;

    /// <summary>Effects of one kind on paths that a pattern covers.</summary>
    public sealed record Path(EffectKind Kind, PathGlob Glob) : RulePattern;

    public sealed record Command(CommandPattern Pattern) : RulePattern;

    /// <summary>Connections to a domain, or with <c>*.</c> to all below it; empty stands for all.</summary>
    public sealed record Host(string Domain) : RulePattern;
}
