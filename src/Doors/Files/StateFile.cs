using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Views;

namespace Reeve.Doors.Files;

/// <summary>A small file of the data directory that several processes read and change.</summary>
/// <remarks>
/// A change is a read and a replacement under a lock on the file beside it (flock(2)), so none is lost; the file is
/// replaced whole, synced first (rename(2)). Only its owner can read it. What lies there with other rights is
/// <c>state.unprotected</c>: somebody else may have written it.
/// </remarks>
public sealed class StateFile(string directory, string name)
{
    public const int BytesMax = 4 * 1024 * 1024;

    private const int PrivateMode = 0x180, LockExclusive = 2;

    /// <summary>The bytes; null where there is no such file yet.</summary>
    public byte[]? Read()
    {
        using var folder = TryOpenFolder();
        return folder is null ? null : Read(folder);
    }

    /// <param name="change">The new bytes of the old; null leaves all as it is.</param>
    public void Change(Func<byte[]?, byte[]?> change)
    {
        Directory.CreateDirectory(
            directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var folder = TryOpenFolder() ?? throw new ProblemException(Unavailable);
        var flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenNoFollow | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(folder, NameCodec.Terminated(name + ".lock"), flags, PrivateMode);
        Problem.ThrowUnless(descriptor >= 0, Unavailable.Code, Unavailable.Message);

        // Closing it gives the lock back.
        using var held = new SafeFileHandle(descriptor, ownsHandle: true);
        FileFailure.ThrowIfFailed(NativeNodes.Lock(held, LockExclusive));

        if (change(Read(folder)) is { } bytes)
        {
            Problem.ThrowUnless(
                bytes.Length <= BytesMax, "state.too_large", "There is too much of this already; revoke some of it.");
            AtomicFile.Write(folder, name, bytes, PrivateMode, owner: null);
        }
    }

    private static Problem Unavailable { get; } =
        new("home.unavailable", "The data directory cannot be used; set REEVE_HOME to a folder you can write to.");

    private SafeFileHandle? TryOpenFolder()
    {
        var flags = Native.OpenRead | Native.OpenDirectory | Native.OpenCloseOnExec;
        var descriptor = Native.Open(NameCodec.Terminated(directory), flags, 0);

        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    private byte[]? Read(SafeFileHandle folder)
    {
        var flags = Native.OpenRead | Native.OpenNoFollow | Native.OpenNonBlock | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(folder, NameCodec.Terminated(name), flags, 0);

        if (descriptor < 0)
        {
            Problem.ThrowUnless(Native.Error == Native.NoEntry, Unavailable.Code, Unavailable.Message);
            return null;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var stat = TreeFiles.Stat(file);
        Problem.ThrowUnless(
            stat.Kind == Authority.Mandates.FileKind.Regular && (stat.Permissions & 0x3F) == 0
                && stat.User == TreeFiles.Stat(folder).User,
            "state.unprotected",
            "A file of the data directory could have been written by somebody else; remove it to begin anew.");
        Problem.ThrowUnless(stat.Size <= BytesMax, "state.too_large", "A file of the data directory is too large.");

        return OwnedFile.ReadAll(file, BytesMax);
    }
}
