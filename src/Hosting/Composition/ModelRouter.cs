using Reeve.Kernel.Models;

namespace Reeve.Hosting.Composition;

/// <summary>Chooses the model of a run that asks for none in particular.</summary>
/// <param name="Ladder">From the weakest to the strongest, as <c>provider/name</c>.</param>
/// <param name="EscalateAfter">Failures after which the next rung is taken; zero for never.</param>
/// <param name="Dollars">Spent so much, a run goes on with the first rung; null for no bound.</param>
public sealed record ModelRouter(IReadOnlyList<string> Ladder, int EscalateAfter, decimal? Dollars)
{
    /// <summary>What stands in the place of a model.</summary>
    public const string Name = "router/auto";

    public RouterTerms TermsOf(string goal, int rungs)
    {
        var complexity = Complexity.Of(goal);
        return new RouterTerms(rungs, complexity, complexity.RungOf(rungs), EscalateAfter, Dollars);
    }
}
