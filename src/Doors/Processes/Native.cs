using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>The system calls of the process door, as the manual pages of section 2 describe them.</summary>
/// <remarks>
/// Identity and mount namespace are changed through <see cref="Call"/>: the kernel keeps both per thread, and
/// only the wrappers of the C library spread a change of identity over all threads.
/// </remarks>
internal static unsafe partial class Native
{
    public const int Interrupted = 4, TryAgain = 11, NotFound = 2, NoSuchProcess = 3;
    public const short PollIn = 1, PollHangUp = 16;
    public const int SignalKill = 9;
    public const int WriteOnly = 1, CloseOnExec = 0x8_0000, NonBlock = 0x800, PathOnly = 0x20_0000;
    public const int NewMountNamespace = 0x2_0000, OwnWorkingDirectory = 0x200;
    public const int CurrentDirectory = -100, EmptyPath = 0x1000, Recursive = 0x8000, TreeClone = 1;
    private const int DuplicateCloseOnExec = 1030, SetPipeBytes = 1031, AddSeals = 1033;
    private const int SealAll = 0x0F, PageBytes = 4096;
    private const int SetOpenFileLock = 37, AccessDenied = 13;
    private const short LockForWriting = 1;
    private const uint MemoryFileSealable = 2, MemoryFileCloseOnExec = 1;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(
        nint number, nint first = 0, nint second = 0, nint third = 0, nint fourth = 0, nint fifth = 0);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int ProcessId();

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetCreationMask(uint mask);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string? source, string target, string? kind, nuint flags, string? data);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlLock(SafeFileHandle descriptor, int command, FileLock* @lock);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    public static partial int SetLimit(int process, int resource, Bounds* next, Bounds* previous);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int Wait(int kind, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int option, nint first, nint second, nint third, nint fourth);

    [LibraryImport(
        "libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle CreateMemoryFile(string name, uint flags);

    /// <summary>A file in memory that nobody can change any more, positioned at its start.</summary>
    public static SafeFileHandle SealedFile(ReadOnlySpan<byte> content)
    {
        var file = CreateMemoryFile("sandbox", MemoryFileSealable | MemoryFileCloseOnExec);
        ThrowIf(file.IsInvalid, "memfd_create");
        RandomAccess.Write(file, content, fileOffset: 0);
        ThrowIf(Control((int)file.DangerousGetHandle(), AddSeals, SealAll) < 0, "F_ADD_SEALS");

        return file;
    }

    /// <summary>Locks one byte for as long as the file is open; false where another open file has it.</summary>
    public static bool TryLockByte(SafeFileHandle file, long offset)
    {
        var wanted = new FileLock { Type = LockForWriting, Start = offset, Length = 1 };

        if (ControlLock(file, SetOpenFileLock, &wanted) == 0)
        {
            return true;
        }

        ThrowIf(Marshal.GetLastPInvokeError() is not (TryAgain or AccessDenied), "F_OFD_SETLK");
        return false;
    }

    public static (SafeFileHandle Reader, SafeFileHandle Writer) NewPipe()
    {
        var ends = stackalloc int[2];
        ThrowIf(Pipe(ends, CloseOnExec) < 0, "pipe2");

        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>A pipe that is full: it can be written to again as soon as somebody has read from it.</summary>
    public static (SafeFileHandle Reader, SafeFileHandle Writer) NewFullPipe()
    {
        var (reader, writer) = NewPipe();
        var size = Control((int)writer.DangerousGetHandle(), SetPipeBytes, PageBytes);
        ThrowIf(size < 0, "F_SETPIPE_SZ");
        var filler = stackalloc byte[PageBytes];
        new Span<byte>(filler, PageBytes).Clear();
        SetNonBlocking(writer);
        long held = 0;

        for (nint count; (count = Write(writer, filler, PageBytes)) > 0;)
        {
            held += count;
        }

        ThrowIf(held < size, "write");
        return (reader, writer);
    }

    /// <summary>Puts one byte into an empty pipe.</summary>
    public static void WriteOne(SafeFileHandle descriptor)
    {
        byte one = 1;
        ThrowIf(Write(descriptor, &one, 1) < 0, "write");
    }

    /// <summary>Writes a short text in one call, as the files of the kernel want it.</summary>
    public static void WriteAll(SafeFileHandle descriptor, ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            ThrowIf(Write(descriptor, start, (nuint)text.Length) != text.Length, "write");
        }
    }

    public static void SetNonBlocking(SafeFileHandle descriptor) =>
        ThrowIf(Control((int)descriptor.DangerousGetHandle(), 4, NonBlock) < 0, "F_SETFL");

    /// <summary>A copy at or above <paramref name="floor"/>, so that numbers to be handed down are free.</summary>
    public static SafeFileHandle CopyAbove(SafeFileHandle descriptor, int floor)
    {
        var copy = Control((int)descriptor.DangerousGetHandle(), DuplicateCloseOnExec, floor);
        ThrowIf(copy < 0, "F_DUPFD_CLOEXEC");

        return new SafeFileHandle(copy, ownsHandle: true);
    }

    /// <summary>A handle on a process that never comes to mean another one; null when it is gone.</summary>
    public static SafeFileHandle? OpenProcess(int process)
    {
        var descriptor = Call(SystemCalls.Current["pidfd_open"], process);

        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public static void Signal(SafeFileHandle process, int signal) =>
        Call(SystemCalls.Current["pidfd_send_signal"], process.DangerousGetHandle(), signal);

    /// <summary>Makes this process the parent of what its children leave behind, so that it can be reaped.</summary>
    /// <remarks>
    /// Bubblewrap's monitor may end before the namespace's init, which would then be left to the machine's init to
    /// reap: late on most machines and never where a container has none (PR_SET_CHILD_SUBREAPER, prctl(2)).
    /// </remarks>
    public static void AdoptOrphans() => ThrowIf(ControlProcess(36, 1, 0, 0, 0) < 0, "prctl");

    public static void ThrowIf(bool hasFailed, string call)
    {
        if (hasFailed)
        {
            throw new IOException($"{call} failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct flock of fcntl(2), the same on x86-64 and arm64.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Bounds
    {
        public ulong Soft;
        public ulong Hard;
    }
}
