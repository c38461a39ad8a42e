namespace Reeve.Tests.Simulation.World;

/// <summary>A clock in which a short pause is over as soon as it begins, and nobody waits for a long one.</summary>
/// <remarks>
/// Pauses between attempts are short and jump the clock on. Deadlines, leases and looks at other processes are
/// long, periodic, or last as long as a renewal: those sleep, and only a jump of the clock itself brings them up.
/// </remarks>
public sealed class JumpingTime : TimeProvider
{
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(61), s_renewal = TimeSpan.FromSeconds(20);

    private long _elapsed;
    private long _now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _now), TimeSpan.Zero);

    /// <summary>Goes on only, whatever happens to the clock.</summary>
    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    /// <summary>Sets the clock on, or back.</summary>
    public void Jump(TimeSpan by)
    {
        Interlocked.Add(ref _now, by.Ticks);
        Interlocked.Add(ref _elapsed, Math.Clamp(by.Ticks, 0, s_pauseMax.Ticks));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isPause = period == Timeout.InfiniteTimeSpan && dueTime >= TimeSpan.Zero && dueTime <= s_pauseMax
            && dueTime != s_renewal;
        var timer = new JumpedTimer();

        if (isPause)
        {
            Jump(dueTime);
            ThreadPool.QueueUserWorkItem(_ => timer.Fire(callback, state));
        }

        return timer;
    }

    private sealed class JumpedTimer : ITimer
    {
        private volatile bool _isGone;

        public void Fire(TimerCallback callback, object? state)
        {
            if (!_isGone)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_isGone;

        public void Dispose() => _isGone = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
