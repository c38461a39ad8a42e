using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Vault;

/// <summary>linkat(2): gives a file a second name, and fails when the name is taken.</summary>
internal static partial class NativeLinks
{
    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int Link(
        SafeFileHandle fromDirectory, byte[] from, SafeFileHandle toDirectory, byte[] to, int flags);
}
