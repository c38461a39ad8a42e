using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>The deadlines of one exchange: total, first byte, and silence between reads.</summary>
/// <remarks>The token is cancelled by whichever comes first; the clock then knows which it was.</remarks>
internal sealed class ResponseClock : IDisposable
{
    private readonly CancellationTokenSource _total;
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _any;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _silenceMax;

    public ResponseClock(ReachLimits limits, TimeSpan spent, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _silenceMax = limits.SilenceMax;
        var left = limits.TotalTimeMax - spent;
        _total = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        _step = new CancellationTokenSource(limits.FirstByteTimeMax, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_total.Token, _step.Token, caller);
    }

    public CancellationToken Token => _any.Token;

    public bool IsCallers => _caller.IsCancellationRequested;

    /// <summary>A read brought bytes: the wait for the next one starts anew.</summary>
    public void Heard()
    {
        if (!_step.IsCancellationRequested)
        {
            _step.CancelAfter(_silenceMax);
        }
    }

    public ReachException Explain() => _total.IsCancellationRequested
        ? new(new Problem("net.timeout", "The exchange took longer than its total time.", IsRetryable: true),
            wasSent: true)
        : new(new Problem("net.silent", "The server sent nothing for too long.", IsRetryable: true), wasSent: true);

    public void Dispose()
    {
        _any.Dispose();
        _step.Dispose();
        _total.Dispose();
    }
}
