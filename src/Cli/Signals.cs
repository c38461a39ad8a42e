#pragma warning disable RS0030 // The second signal ends this process at once, whatever it waits for.
using System.Runtime.InteropServices;

namespace Reeve.Cli;

/// <summary>The first signal asks to stop and park; a second one, or <see cref="GraceTimeMax"/>, ends the
/// process.</summary>
internal sealed class Signals : IDisposable
{
    public static readonly TimeSpan GraceTimeMax = TimeSpan.FromSeconds(25);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Action<int> _exit;
    private readonly List<IDisposable> _registrations = [];
    private ITimer? _grace;
    private int _count;

    private Signals(TimeProvider time, Action<int> exit)
    {
        _time = time;
        _exit = exit;
    }

    public CancellationToken Stop => _stop.Token;

    /// <summary>The signal that came first; null while none did.</summary>
    public PosixSignal? First { get; private set; }

    public static Signals OfProcess(TimeProvider time)
    {
        var signals = new Signals(time, Environment.Exit);

        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            signals._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                signals.Raise(context.Signal);
            }));
        }

        return signals;
    }

    /// <summary>Signals that only a test raises.</summary>
    public static Signals OfTest(TimeProvider time, Action<int> exit) => new(time, exit);

    public void Raise(PosixSignal signal)
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            _exit((int)ExitCode.Interrupted);
            return;
        }

        First = signal;
        _grace = _time.CreateTimer(_ => _exit((int)ExitCode.Interrupted), null, GraceTimeMax, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _grace?.Dispose();
        _stop.Dispose();
    }
}
