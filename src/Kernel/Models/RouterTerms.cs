namespace Reeve.Kernel.Models;

/// <summary>How a run chooses among its first models, fixed when it was admitted.</summary>
/// <param name="Models">So many of the chain are rungs, the weakest first; the rest only stand in for them.</param>
/// <param name="Start">The rung that the task began on.</param>
/// <param name="EscalateAfter">Failures after which the next rung is taken; zero for never.</param>
/// <param name="DollarsMax">Spent so much, the run goes on with the first rung; null for no bound.</param>
public sealed record RouterTerms(int Models, Complexity Complexity, int Start, int EscalateAfter, decimal? DollarsMax);

/// <summary>Why a run goes on with another model.</summary>
public enum RouteReason
{
    /// <summary>Failed checks, calls that cannot be read, empty replies: as many as the router bears.</summary>
    Failures = 0,

    /// <summary>The same call with the same result, again and again.</summary>
    Loop,

    /// <summary>What was to be spent on stronger models is spent, or the next call of one cannot be paid.</summary>
    Cost,
}
