using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Files;

/// <summary>The system calls of the files door, as the man pages of section 2 name them.</summary>
internal static partial class Native
{
    public const int NoEntry = 2, Io = 5, NoDevice = 6, Again = 11, AccessDenied = 13, Exists = 17, CrossDevice = 18;
    public const int NotDirectory = 20, IsDirectory = 21, Invalid = 22, NoSpace = 28, ReadOnly = 30, NameTooLong = 36;
    public const int NoSystemCall = 38, NotEmpty = 39, Loop = 40, NotSupported = 95, Quota = 122, NotPermitted = 1;

    public const int OpenRead = 0, OpenWrite = 1, OpenReadWrite = 2;
    public const int OpenCreate = 0x40, OpenExclusive = 0x80, OpenTruncate = 0x200, OpenNonBlock = 0x800;
    public const int OpenCloseOnExec = 0x8_0000, OpenPath = 0x20_0000;

    public const ulong NoMagicLinks = 0x02, NoLinks = 0x04, Beneath = 0x08;

    public const int AtRemoveDirectory = 0x200, AtNoFollow = 0x100, AtEmptyPath = 0x1000;

    private const int SyscallOpenat2 = 437;

    // These two flags differ between processors; the others used here do not.
    public static int OpenDirectory => IsArm64 ? 0x4000 : 0x1_0000;

    public static int OpenNoFollow => IsArm64 ? 0x8000 : 0x2_0000;

    public static int Error => Marshal.GetLastPInvokeError();

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int Openat2(SafeFileHandle directory, byte[] path, ref OpenHow how) =>
        (int)Openat2Call(SyscallOpenat2, directory, path, ref how, (nuint)Marshal.SizeOf<OpenHow>());

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Openat2Call(
        long number, SafeFileHandle directory, byte[] path, ref OpenHow how, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte[] path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int Openat(SafeFileHandle directory, byte[] path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(SafeFileHandle directory, byte[] path, int flags, uint mask, out StatxData data);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDents(SafeFileHandle directory, byte[] buffer, nint size);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLink(SafeFileHandle directory, byte[] path, Span<byte> buffer, nint size);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymbolicLink(byte[] target, SafeFileHandle directory, byte[] name);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectory(SafeFileHandle directory, byte[] name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int Unlink(SafeFileHandle directory, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int Rename(
        SafeFileHandle fromDirectory, byte[] from, SafeFileHandle toDirectory, byte[] to);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    public static partial int ChangeMode(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle directory, byte[] path, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle directory, byte[] path, in TimePair times, int flags);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyRange(
        SafeFileHandle from, ref long fromOffset, SafeFileHandle to, ref long toOffset, nuint count, uint flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Clone(SafeFileHandle to, ulong request, SafeFileHandle from);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint EffectiveGroup();

    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags, Mode, Resolve;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Moment
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;

        public readonly long TotalNanoseconds => unchecked((Seconds * 1_000_000_000) + Nanoseconds);
    }

    /// <summary>struct statx of statx(2), the same on every processor.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct StatxData
    {
        public uint Mask, BlockSize;
        public ulong Attributes;
        public uint Links, User, Group;
        public ushort Mode, Spare;
        public ulong Inode, Size, Blocks, AttributesMask;
        public Moment AccessedAt, BornAt, ChangedAt, ModifiedAt;
        public uint DeviceMajor, DeviceMinor, HostMajor, HostMinor;
    }
}

/// <summary>Two struct timespec: when a file was accessed and modified.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimePair(long nanoseconds)
{
    private readonly long _accessedSeconds = Math.DivRem(nanoseconds, 1_000_000_000).Quotient;
    private readonly long _accessedRest = Math.DivRem(nanoseconds, 1_000_000_000).Remainder;
    private readonly long _modifiedSeconds = Math.DivRem(nanoseconds, 1_000_000_000).Quotient;
    private readonly long _modifiedRest = Math.DivRem(nanoseconds, 1_000_000_000).Remainder;
}
