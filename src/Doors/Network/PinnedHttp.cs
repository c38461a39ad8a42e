using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>The one HTTP client of the product: connects only to addresses it judged, reads only within
/// limits.</summary>
/// <remarks>
/// One request goes: 1. parse the URL strictly, 2. wait for a turn at its origin, 3. resolve once, judge each
/// address, connect by number, 4. send, 5. stream the body under its clock and bounds, 6. follow a redirect by
/// starting again at 1. Every outbound dependency passes the same breaker, rate and concurrency limits.
/// </remarks>
public sealed class PinnedHttp : IReach, IDisposable
{
    public const int OriginsMax = 1_024;
    public const int HeadKilobytesMax = 64;
    public const int RedirectsMax = 10;

    private static readonly HttpRequestOptionsKey<Route> s_route = new("reeve.route");

    private readonly ConcurrentDictionary<string, OriginGate> _gates = new(StringComparer.Ordinal);
    private readonly TrustedOrigins _trusted;
    private readonly PinnedDialer _dialer;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;
    private volatile Parsed? _parsedLast;

    public PinnedHttp(TrustedOrigins trusted, TimeProvider time)
        : this(trusted, new SystemResolver(), new SocketConnector(), time)
    {
    }

    public PinnedHttp(TrustedOrigins trusted, INameResolver resolver, IConnector connector, TimeProvider time)
    {
        _trusted = trusted;
        _time = time;
        _dialer = new PinnedDialer(resolver, connector, time);
        _invoker = new HttpMessageInvoker(CreateHandler(), disposeHandler: true);
    }

    public async Task<ReachResponse> SendAsync(ReachRequest request, CancellationToken cancellationToken)
    {
        var uri = Parse(request.Url);
        var first = uri.Origin;
        var isTrusted = _trusted.Contains(uri);
        var started = _time.GetTimestamp();
        var clock = new ResponseClock(request.Limits, TimeSpan.Zero, _time, cancellationToken);

        try
        {
            for (var hop = 0; ; hop++)
            {
                var response = await SendOnceAsync(uri, isTrusted, request, clock).ConfigureAwait(false);

                if (request.Limits.RedirectsMax == 0 || !Redirects.IsRedirect(response.Status))
                {
                    return response;
                }

                await response.Body.DisposeAsync().ConfigureAwait(false);
                clock.Dispose();
                clock = new ResponseClock(
                    request.Limits, _time.GetElapsedTime(started), _time, cancellationToken);

                if (hop >= Math.Min(request.Limits.RedirectsMax, RedirectsMax))
                {
                    throw new ReachException(
                        new Problem("net.redirect_refused", "The server redirects too often."), wasSent: true);
                }

                (uri, request) = Redirects.Follow(uri, request, response.Status, response.Header("location"));

                // The operator trusted an origin, not whatever it or a stranger points to.
                isTrusted = isTrusted && string.Equals(uri.Origin, first, StringComparison.Ordinal);
            }
        }
        catch
        {
            clock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();

        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }
    }

    // A run asks the same URL again and again, and what is parsed never changes.
    private CheckedUri Parse(string url)
    {
        if (_parsedLast is { } last && string.Equals(last.Url, url, StringComparison.Ordinal))
        {
            return last.Uri;
        }

        var uri = CheckedUri.Parse(url, out var refusal)
            ?? throw new ReachException(new Problem(refusal!.Code, refusal.Reason), wasSent: false);
        _parsedLast = new Parsed(url, uri);

        return uri;
    }

    private async Task<ReachResponse> SendOnceAsync(
        CheckedUri uri, bool isTrusted, ReachRequest request, ResponseClock clock)
    {
        PinnedDialer.ThrowIfRefused(uri, isTrusted);

        var gate = GateOf(uri.Origin);
        var turn = await EnterAsync(gate, clock).ConfigureAwait(false);
        HttpResponseMessage? message = null;
        Exception? failure = null;

        try
        {
            await gate.ThroughBreakerAsync(
                async _ =>
                {
                    (message, failure) = await ExchangeAsync(uri, isTrusted, request, clock).ConfigureAwait(false);
                    return failure is not ReachException { Problem.IsRetryable: true }
                        && message is not { StatusCode: >= HttpStatusCode.InternalServerError };
                },
                CancellationToken.None).ConfigureAwait(false);

            if (failure is not null)
            {
                throw failure;
            }

            return Respond(message!, request.Limits, clock, gate, turn);
        }
        catch
        {
            message?.Dispose();
            turn.Dispose();
            throw;
        }
    }

    private static async Task<IDisposable> EnterAsync(OriginGate gate, ResponseClock clock)
    {
        try
        {
            return await gate.EnterAsync(clock.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!clock.IsCallers)
        {
            throw new ReachException(
                new Problem("net.busy", "Too many requests wait for this server.", IsRetryable: true), wasSent: false);
        }
    }

    // Failures are returned, so that the breaker counts them without owning their meaning.
    private async Task<(HttpResponseMessage? Message, Exception? Failure)> ExchangeAsync(
        CheckedUri uri, bool isTrusted, ReachRequest request, ResponseClock clock)
    {
        using var message = Compose(uri, request);
        message.Options.Set(s_route, new Route(uri, isTrusted, request.Limits.ConnectTimeMax));

        try
        {
            return (await _invoker.SendAsync(message, clock.Token).ConfigureAwait(false), null);
        }
        catch (HttpRequestException failure)
        {
            return (null, Translate(failure));
        }
        catch (IOException)
        {
            return (null, CutOff());
        }
        catch (OperationCanceledException cancelled)
        {
            return (null, clock.IsCallers ? cancelled : clock.Explain());
        }
    }

    private static HttpRequestMessage Compose(CheckedUri uri, ReachRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), uri.ToUri())
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = request.Body.Count > 0 ? new FragmentContent(request.Body) : null,
        };

        foreach (var header in request.Headers)
        {
            if (header.Value.AsSpan().ContainsAny("\r\n\0"))
            {
                throw new ReachException(
                    new Problem("net.header_invalid", "A header contains a line break."), wasSent: false);
            }

            if (!message.Headers.TryAddWithoutValidation(header.Name, header.Value))
            {
                message.Content?.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        return message;
    }

    private static ReachException Translate(HttpRequestException failure) => failure switch
    {
        { InnerException: ReachException inner } => inner,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new ReachException(
            new Problem("net.unreachable", "No secure connection could be made with the server."), wasSent: false),
        { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            new ReachException(
                new Problem("net.unreachable", "The server could not be reached.", IsRetryable: true), wasSent: false),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new ReachException(
            new Problem("net.response_too_large", "The head of the response is larger than allowed."), wasSent: true),
        { HttpRequestError: HttpRequestError.InvalidResponse } => new ReachException(
            new Problem("net.response_invalid", "The response is not valid HTTP."), wasSent: true),
        _ => CutOff(),
    };

    private static ReachException CutOff() => new(
        new Problem("net.cut_off", "The server closed the connection before it answered.", IsRetryable: true),
        wasSent: true);

    private ReachResponse Respond(
        HttpResponseMessage message, ReachLimits limits, ResponseClock clock, OriginGate gate, IDisposable turn)
    {
        var headers = HeadersOf(message);
        var status = (int)message.StatusCode;
        gate.Learn(status, RetryAfter.Parse(headers.GetValueOrDefault("retry-after", string.Empty), _time.GetUtcNow()));

        if (message.Content.Headers.ContentLength > limits.BodyBytesMax)
        {
            throw new ReachException(
                new Problem("net.response_too_large", "The response is larger than allowed."), wasSent: true);
        }

        var received = new BoundedBody(message.Content.ReadAsStream(clock.Token), limits.BodyBytesMax,
            clock, owned: null);
        var body = Decompress(received, headers.GetValueOrDefault("content-encoding", string.Empty));
        var owned = new Ending(message, turn, clock);

        return new ReachResponse(status, headers, new BoundedBody(body, limits.BodyBytesMax, clock, owned));
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage message)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(headers, message.Headers);
        Add(headers, message.Content.Headers);

        return headers;
    }

    private static void Add(Dictionary<string, string> headers, HttpHeaders received)
    {
        foreach (var (name, values) in received)
        {
            headers.Add(name.ToLowerInvariant(), string.Join(", ", values));
        }
    }

    private static Stream Decompress(Stream received, string encoding) => encoding.ToLowerInvariant() switch
    {
        "" or "identity" => received,
        "gzip" or "x-gzip" => new GZipStream(received, CompressionMode.Decompress),
        "deflate" => new ZLibStream(received, CompressionMode.Decompress),
        "br" => new BrotliStream(received, CompressionMode.Decompress),
        _ => throw new ReachException(
            new Problem("net.response_invalid", "The response is encoded in a way that is not supported."),
            wasSent: true),
    };

    private OriginGate GateOf(string origin)
    {
        // Forgetting what was learned of other origins costs a few refused requests, and never memory without end.
        if (_gates.Count >= OriginsMax && !_gates.ContainsKey(origin))
        {
            _gates.Clear();
        }

        return _gates.GetOrAdd(origin, static (_, time) => new OriginGate(time), _time);
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = HeadKilobytesMax,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var route = context.InitialRequestMessage.Options.TryGetValue(s_route, out var found)
                ? found
                : throw new InvalidOperationException("A request came without its route.");

            return await _dialer
                .DialAsync(route.Uri, route.IsTrusted, route.ConnectTimeMax, cancellationToken).ConfigureAwait(false);
        },
    };

    private sealed record Parsed(string Url, CheckedUri Uri);

    private sealed record Route(CheckedUri Uri, bool IsTrusted, TimeSpan ConnectTimeMax);

    private sealed class Ending(HttpResponseMessage message, IDisposable turn, IDisposable clock) : IDisposable
    {
        public void Dispose()
        {
            message.Dispose();
            turn.Dispose();
            clock.Dispose();
        }
    }
}
