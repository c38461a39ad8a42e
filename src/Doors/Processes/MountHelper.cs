using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>The running program that makes the last mounts of one sandbox (<see cref="LateMounts"/>).</summary>
/// <remarks>It is run as whoever started bubblewrap, which owns the namespaces, and from memory.</remarks>
internal sealed unsafe class MountHelper : IDisposable
{
    private const int ProgramDescriptor = 3, HasExited = 4, WaitForProcess = 1;
    private const int ResultBytes = ProbeProgram.CallsMax * 8;

    private readonly LateMounts _mounts;
    private readonly SafeFileHandle _results;
    private readonly TimeProvider _time;
    private int _process;

    private MountHelper(LateMounts mounts, SafeFileHandle results, int process, TimeProvider time)
    {
        _mounts = mounts;
        _results = results;
        _process = process;
        _time = time;
    }

    /// <param name="mounts">What to mount.</param>
    /// <param name="init">The sandbox's first process.</param>
    /// <param name="hold">The writing end of what bubblewrap waits for. The helper's copy must be the last one.</param>
    /// <param name="asWhom">Runs an action as whoever started bubblewrap.</param>
    /// <param name="time">For the deadline.</param>
    public static MountHelper Start(
        LateMounts mounts, SafeFileHandle init, SafeFileHandle hold, Func<Func<int>, int> asWhom, TimeProvider time)
    {
        using var program = Native.SealedFile(mounts.ToElf());
        var (results, writer) = Native.NewPipe();

        using (writer)
        {
            var process = ChildProgram.Start(
                [$"/proc/self/fd/{ProgramDescriptor}"], [init, writer, hold, program], asWhom);
            return new MountHelper(mounts, results, process, time);
        }
    }

    /// <summary>Waits for its end and reaps it; true when all is mounted.</summary>
    /// <remarks>Until it is reaped it counts as a process of the sandbox's user namespace.</remarks>
    public bool Finish(TimeSpan within)
    {
        var start = _time.GetTimestamp();
        var bytes = stackalloc byte[ResultBytes];
        var held = 0;

        while (_process > 0 && held < ResultBytes && _time.GetElapsedTime(start) < within)
        {
            var entry = new Native.PollEntry
            {
                Descriptor = (int)_results.DangerousGetHandle(), Events = Native.PollIn,
            };

            if (Native.Poll(&entry, 1, (int)TreeWatch.Period.TotalMilliseconds) <= 0)
            {
                continue;
            }

            var count = Native.Read(_results, bytes + held, (nuint)(ResultBytes - held));

            if (count <= 0)
            {
                break;
            }

            held += (int)count;
        }

        Dispose();
        return _mounts.HaveSucceeded(new ReadOnlySpan<byte>(bytes, held));
    }

    /// <summary>Ends and reaps it.</summary>
    public void Dispose()
    {
        _results.Dispose();

        if (_process <= 0)
        {
            return;
        }

        using (var handle = Native.OpenProcess(_process))
        {
            if (handle is not null)
            {
                Native.Signal(handle, Native.SignalKill);
            }
        }

        var information = stackalloc byte[128];
        while (Native.Wait(WaitForProcess, _process, information, HasExited) < 0
            && Marshal.GetLastPInvokeError() == Native.Interrupted)
        {
        }

        _process = 0;
    }
}
