using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Two processes of a sandbox seen from outside: bubblewrap's monitor, our child, and the namespace's
/// init.</summary>
/// <remarks>Both are held by pidfd, so that a signal never reaches another process that was given the same
/// number.</remarks>
internal sealed unsafe class WatchedSandbox(
    int monitor, SafeFileHandle monitorHandle, SandboxOutput output, SafeFileHandle cancel, TimeProvider time)
    : IDisposable
{
    private const int WaitForProcess = 1, HasExited = 4, DoNotHang = 1, WaitForHandle = 3;
    private const int DrainMilliseconds = 250, ReapMilliseconds = 30_000, InformationBytesMax = 4_096;

    private bool _isReaped;

    /// <summary>The init of the pid namespace: what ends with it is everything.</summary>
    public SafeFileHandle? Init { get; set; }

    /// <summary>The pid that bubblewrap reports; null when it ends or takes too long before it does.</summary>
    public int? ReadChild(SafeFileHandle information, TimeSpan within)
    {
        var start = time.GetTimestamp();
        var bytes = new byte[InformationBytesMax];
        var held = 0;
        Native.SetNonBlocking(information);

        while (time.GetElapsedTime(start) < within && held < bytes.Length)
        {
            Poll((int)TreeWatch.Period.TotalMilliseconds, information, output.ErrorReader);
            output.Take();
            nint count;
            fixed (byte* target = &bytes[held])
            {
                count = Native.Read(information, target, (nuint)(bytes.Length - held));
            }

            held += (int)Math.Max(count, 0);

            if (SandboxStatus.ChildProcess(bytes.AsSpan(0, held)) is { } child)
            {
                return child;
            }

            if (count == 0)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Watches until the command has ended by itself or by a limit; nothing of it is left
    /// afterwards.</summary>
    public CommandLimit WatchToEnd(TreeWatch watch, TimeSpan wallTime)
    {
        var start = time.GetTimestamp();
        var limit = CommandLimit.None;

        while (limit == CommandLimit.None && !TryReap())
        {
            var isCancelled = Poll((int)TreeWatch.Period.TotalMilliseconds, cancel, output.Reader, output.ErrorReader);
            output.Take();
            limit = isCancelled ? CommandLimit.Cancelled
                : output.IsExceeded ? CommandLimit.Output
                : time.GetElapsedTime(start) >= wallTime ? CommandLimit.WallTime
                : TryReap() ? watch.LookBack()
                : watch.Look();
        }

        EndAll();
        Drain();

        return limit == CommandLimit.None && output.IsExceeded ? CommandLimit.Output : limit;
    }

    /// <summary>Ends a sandbox that never started its command.</summary>
    public void Abandon()
    {
        Native.Signal(monitorHandle, Native.SignalKill);
        EndAll();
        Drain();
    }

    public void Dispose()
    {
        if (!_isReaped)
        {
            Native.Signal(monitorHandle, Native.SignalKill);
            EndAll();
        }
    }

    // The init first: with it the kernel kills all others and lets it go only when they are gone.
    private void EndAll()
    {
        var start = time.GetTimestamp();

        if (Init is not null)
        {
            Native.Signal(Init, Native.SignalKill);
        }

        while (time.GetElapsedTime(start).TotalMilliseconds < ReapMilliseconds && !(TryReap() & HasInitEnded()))
        {
            // Until its readers take it, a writer may be stuck in the middle of its last write.
            output.Take();
            PollOnce(5, _isReaped && Init is not null ? Init : monitorHandle);
        }
    }

    private void Drain()
    {
        var start = time.GetTimestamp();

        while ((output.IsOpen || output.IsErrorOpen) && !output.IsExceeded
            && time.GetElapsedTime(start).TotalMilliseconds < DrainMilliseconds)
        {
            output.Take();

            if (output.IsOpen || output.IsErrorOpen)
            {
                PollOnce(5, output.IsOpen ? output.Reader : output.ErrorReader);
            }
        }
    }

    private bool TryReap()
    {
        if (_isReaped)
        {
            return true;
        }

        var information = stackalloc byte[128];
        new Span<byte>(information, 128).Clear();
        var waited = Native.Wait(WaitForProcess, monitor, information, HasExited | DoNotHang);
        var isGone = waited < 0 && Marshal.GetLastPInvokeError() != Native.Interrupted;

        // The pid field stays zero while the child lives.
        _isReaped = isGone || (waited == 0 && *(int*)(information + 16) != 0);
        return _isReaped;
    }

    private bool HasInitEnded()
    {
        if (Init is null)
        {
            return true;
        }

        if (!PollOnce(0, Init))
        {
            return false;
        }

        // Its parent is the monitor, and after that one's end it is we.
        var information = stackalloc byte[128];
        _ = Native.Wait(WaitForHandle, (int)Init.DangerousGetHandle(), information, HasExited | DoNotHang);
        return true;
    }

    private bool PollOnce(int milliseconds, SafeFileHandle handle)
    {
        var entry = new Native.PollEntry { Descriptor = (int)handle.DangerousGetHandle(), Events = Native.PollIn };
        return Native.Poll(&entry, 1, milliseconds) > 0;
    }

    // True when the first has something to say; the monitor's end wakes it too.
    private bool Poll(int milliseconds, params ReadOnlySpan<SafeFileHandle> handles)
    {
        var entries = stackalloc Native.PollEntry[handles.Length + 1];
        entries[0] = Entry(monitorHandle);

        for (var index = 0; index < handles.Length; index++)
        {
            // A stream that has ended would wake it for ever.
            var isOver = (handles[index] == output.Reader && !output.IsOpen)
                || (handles[index] == output.ErrorReader && !output.IsErrorOpen);
            entries[index + 1] = isOver ? new Native.PollEntry { Descriptor = -1 } : Entry(handles[index]);
        }

        return Native.Poll(entries, (nuint)(handles.Length + 1), milliseconds) > 0 && entries[1].Returned != 0;
    }

    private static Native.PollEntry Entry(SafeFileHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Native.PollIn };
}
