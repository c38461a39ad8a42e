using Microsoft.Win32.SafeHandles;
using Reeve.Authority;

namespace Reeve.Doors.Processes;

/// <summary>A uid that no other live run has, for as long as this is not disposed.</summary>
/// <remarks>
/// Only root needs one: what runs as the real root is exempt from process limits and owns the host's files. The
/// lease is a lock on one byte of a file that all leases share (open file description locks, fcntl(2)), so the
/// machine gives it back also when we are killed, and a lease makes no file. The range lies far above what
/// distributions and user databases hand out, and never contains <c>nobody</c>.
/// </remarks>
public sealed class RunUser : IDisposable
{
    public const uint First = 2_000_000_000;

    /// <summary>How many runs can be live at once on one machine.</summary>
    public const int CountMax = 60_000;

    private const string FileName = "leases";
    private const int ReadWriteCreate = 0x42;

    private readonly SafeFileHandle _lock;

    private RunUser(uint id, SafeFileHandle @lock)
    {
        Id = id;
        _lock = @lock;
    }

    public uint Id { get; }

    /// <summary>True where commands must not run under our own uid.</summary>
    public static bool IsNeeded => Native.EffectiveUser() == 0;

    /// <summary>Leases the first free uid; <paramref name="directory"/> is shared by all of this machine's
    /// runs.</summary>
    public static RunUser Lease(string directory)
    {
        for (uint offset = 0; offset < CountMax; offset++)
        {
            if (TryLease(directory, First + offset) is { } user)
            {
                return user;
            }
        }

        throw new ProblemException(new Problem(
            "sandbox.unavailable", "Every user id kept for runs is in use; wait for a run to end.", IsRetryable: true));
    }

    /// <summary>Leases the uid that an earlier process of the same run had; null when it is in use.</summary>
    public static RunUser? TryLease(string directory, uint id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, First + CountMax);

        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Join(directory, FileName);
        var file = Native.Open(path, ReadWriteCreate | Native.CloseOnExec, Convert.ToInt32("600", 8));
        Native.ThrowIf(file.IsInvalid, "open");

        if (Native.TryLockByte(file, id - First))
        {
            return new RunUser(id, file);
        }

        file.Dispose();
        return null;
    }

    public void Dispose() => _lock.Dispose();
}
