namespace Reeve.Authority.Labels;

/// <summary>A label as one run's journal names it: an index into the run's table of labels.</summary>
/// <remarks>Zero, the unset value, is the least trusted label; one is <see cref="Label.BuiltIn"/>.</remarks>
public readonly record struct LabelId(int Index)
{
    public static LabelId LeastTrusted => default;

    public static LabelId BuiltIn => new(1);
}
