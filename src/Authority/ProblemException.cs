namespace Reeve.Authority;

/// <summary>Carries a problem to the nearer of the two places that catch it.</summary>
/// <remarks>
/// It wraps no inner exception: a cause worth keeping is a bug, and a bug is not turned into a refusal.
/// </remarks>
public sealed class ProblemException(Problem problem) : Exception(problem.Message)
{
    public Problem Problem { get; } = problem;
}
