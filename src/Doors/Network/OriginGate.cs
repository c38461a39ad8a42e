using Polly;
using Polly.CircuitBreaker;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>What stands before one origin: how many at once, how fast, and whether at all.</summary>
/// <remarks>
/// The rate adapts: a refusal with status 429 doubles the space between requests and honours Retry-After; each
/// success shortens it, until there is none. The breaker opens when most of the recent exchanges failed, so that
/// a dead server is not asked by everyone at once.
/// </remarks>
internal sealed class OriginGate : IDisposable
{
    public const int ConcurrentMax = 64;
    public const int WaitingMax = 2_048;
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan SpaceMax = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_spaceMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_spaceFirst = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots = new(ConcurrentMax);
    private readonly Lock _lock = new();
    private readonly ResiliencePipeline<bool> _breaker;
    private int _waiting;
    private TimeSpan _space;
    private DateTimeOffset _nextStart;

    public OriginGate(TimeProvider time)
    {
        _time = time;
        _nextStart = DateTimeOffset.MinValue;
        _breaker = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = 0.8,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = BreakTime,
                ShouldHandle = new PredicateBuilder<bool>().HandleResult(result: false),
            })
            .Build();
    }

    /// <summary>Waits for a turn; the caller disposes it when the exchange has ended, body included.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw NotSent("net.busy", "Too many requests wait for this server.", WaitMax);
        }

        try
        {
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        var turn = new Turn(_slots);

        try
        {
            await AwaitStartAsync(cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Lets the breaker see one exchange; false from <paramref name="exchange"/> counts as a
    /// failure.</summary>
    public async Task ThroughBreakerAsync(
        Func<CancellationToken, ValueTask<bool>> exchange, CancellationToken cancellationToken)
    {
        try
        {
            await _breaker.ExecuteAsync(exchange, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException open)
        {
            throw NotSent(
                "net.breaker_open", "The server failed repeatedly and is left alone for a while.",
                open.RetryAfter ?? BreakTime);
        }
    }

    /// <summary>Learns from the head of a response.</summary>
    public void Learn(int status, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            if (status == 429)
            {
                _space = TimeSpan.FromTicks(Math.Clamp(_space.Ticks * 2, s_spaceFirst.Ticks, SpaceMax.Ticks));
                var pause = retryAfter is { } asked && asked > _space ? asked : _space;
                var until = _time.GetUtcNow() + pause;
                _nextStart = until > _nextStart ? until : _nextStart;
            }
            else if (status is >= 200 and < 300)
            {
                _space = _space * 0.8 < s_spaceMin ? TimeSpan.Zero : _space * 0.8;
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    private static ReachException NotSent(string code, string reason, TimeSpan retryAfter) =>
        new(new Problem(code, reason, IsRetryable: true), wasSent: false, retryAfter);

    private async Task AwaitStartAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;

        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var start = _nextStart > now ? _nextStart : now;
            wait = start - now;

            if (wait > WaitMax)
            {
                throw NotSent("net.rate_limited", "The server asked to be left alone for a while.", wait);
            }

            if (_space > TimeSpan.Zero)
            {
                _nextStart = start + _space;
            }
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class Turn(SemaphoreSlim slots) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}
