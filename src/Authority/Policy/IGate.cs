namespace Reeve.Authority.Policy;

/// <summary>The one place that says whether an effect may happen. Pure: the same question has the same
/// answer.</summary>
public interface IGate
{
    /// <summary>The strictest verdict over all effects of a call; a call with no effects listed is denied.</summary>
    Verdict Decide(string tool, IReadOnlyList<Effect> effects, in Circumstances circumstances);

    /// <summary>How many different persons have to approve a call that is asked.</summary>
    int PersonsFor(string tool, IReadOnlyList<Effect> effects) => 1;
}
