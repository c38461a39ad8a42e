using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Views;

/// <summary>mknodat(2) and flock(2).</summary>
internal static partial class NativeNodes
{
    public const int LockExclusiveNow = 2 | 4, Unlock = 8;

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    public static partial int MakeNode(SafeFileHandle directory, byte[] name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);
}
