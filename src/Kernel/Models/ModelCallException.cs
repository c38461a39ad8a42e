using Reeve.Authority;

namespace Reeve.Kernel.Models;

/// <summary>A failed attempt to call a model.</summary>
/// <remarks>
/// Codes: <c>model.unreachable</c>, <c>model.timeout</c>, <c>model.silent</c> (a chunk did not come in time),
/// <c>model.rate_limited</c>, <c>model.overloaded</c>, <c>model.server_error</c>, <c>model.truncated</c>,
/// <c>model.malformed</c>, <c>model.authentication</c>, <c>model.permission</c>, <c>model.not_found</c>,
/// <c>model.invalid_request</c>, <c>model.context_too_long</c>, <c>model.quota</c>, <c>model.breaker_open</c>,
/// <c>model.reply_too_large</c>, <c>model.content_filter</c>.
/// </remarks>
public sealed class ModelCallException(Problem problem, bool wasSent, TimeSpan? retryAfter = null)
    : Exception(problem.Message)
{
    /// <summary>Its <see cref="Problem.IsRetryable"/> says whether another attempt may help.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>False only when the request certainly did not reach the provider, so that nothing is owed.</summary>
    public bool WasSent { get; } = wasSent;

    /// <summary>What the provider asked for; null where it asked for nothing.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
