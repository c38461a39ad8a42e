namespace Reeve.Authority.Mandates;

/// <summary>The right to send HTTP requests to the places a mandate names, and to no other.</summary>
/// <remarks>
/// The address that was checked is the address that is connected to, on each hop. An answer of any status is a
/// response; it streams, and ends with a <see cref="ReachException"/> at the first limit it crosses. There are no
/// cookies and no proxy, and no failed request is repeated.
/// </remarks>
public interface IReach : IGrant
{
    /// <summary>Sends one request and returns when the head of the answer is there; the caller disposes it.</summary>
    /// <exception cref="ReachException">
    /// <c>net.address_*</c>, <c>net.host_*</c>, <c>net.url_*</c> and <c>net.scheme_refused</c> (refused before a
    /// connection), <c>net.name_not_resolved</c>, <c>net.unreachable</c>, <c>net.timeout</c>, <c>net.silent</c>,
    /// <c>net.response_too_large</c>, <c>net.response_invalid</c>, <c>net.cut_off</c>, <c>net.redirect_refused</c>,
    /// <c>net.breaker_open</c>, <c>net.rate_limited</c>, <c>net.busy</c>.
    /// </exception>
    Task<ReachResponse> SendAsync(ReachRequest request, CancellationToken cancellationToken);
}
