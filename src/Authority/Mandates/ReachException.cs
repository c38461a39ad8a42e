namespace Reeve.Authority.Mandates;

/// <summary>An exchange that was refused or failed, before or while its response streamed.</summary>
public sealed class ReachException(Problem problem, bool wasSent, TimeSpan? retryAfter = null)
    : Exception(problem.Message)
{
    public Problem Problem { get; } = problem;

    /// <summary>False only when the request certainly did not leave.</summary>
    public bool WasSent { get; } = wasSent;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
