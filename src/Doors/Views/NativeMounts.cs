using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Views;

/// <summary>The calls that mount: mount(2), open_tree(2), move_mount(2), mount_setattr(2), unshare(2).</summary>
internal static partial class NativeMounts
{
    public const int CurrentDirectory = -100;
    public const int NewMountNamespace = 0x2_0000, OwnFileSystemState = 0x200;
    public const ulong Bind = 0x1000, Recursive = 0x4000, Private = 0x4_0000;
    public const ulong AttributeReadOnly = 1, AttributeIdMap = 0x10_0000;

    private const int SyscallOpenTree = 428, SyscallMoveMount = 429, SyscallMountSetAttributes = 442;
    private const uint CloneTree = 1, CloseOnExec = 0x8_0000, MoveFromDescriptor = 4, EmptyPath = 0x1000;

    /// <summary>A mount of its own for a directory, attached nowhere.</summary>
    public static int OpenTree(byte[] path) =>
        (int)OpenTreeCall(SyscallOpenTree, CurrentDirectory, path, CloneTree | CloseOnExec);

    public static int MoveMount(SafeFileHandle from, byte[] to) =>
        (int)MoveMountCall(SyscallMoveMount, from, [0], CurrentDirectory, to, MoveFromDescriptor);

    public static int SetAttributes(SafeFileHandle mount, ref MountAttributes attributes) =>
        (int)SetAttributesCall(
            SyscallMountSetAttributes, mount, [0], EmptyPath, ref attributes, (nuint)Marshal.SizeOf<MountAttributes>());

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true)]
    public static partial int ChangeDirectory(byte[] path);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true)]
    public static partial int Mount(byte[]? source, byte[] target, byte[]? kind, ulong flags, byte[]? options);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
    public static partial nint GetAttribute(SafeFileHandle file, byte[] name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenTreeCall(long number, int directory, byte[] path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long MoveMountCall(
        long number, SafeFileHandle from, byte[] fromPath, int toDirectory, byte[] to, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SetAttributesCall(
        long number, SafeFileHandle mount, byte[] path, uint flags, ref MountAttributes attributes, nuint size);

    /// <summary>struct mount_attr of mount_setattr(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MountAttributes
    {
        public ulong Set, Clear, Propagation, UserNamespace;
    }
}
