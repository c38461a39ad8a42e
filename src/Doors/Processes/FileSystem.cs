using System.Runtime.InteropServices;

namespace Reeve.Doors.Processes;

/// <summary>How full a file system is (statfs(2)).</summary>
internal static unsafe partial class FileSystem
{
    private const int OpaqueBytes = 256;

    /// <summary>Bytes and inodes in use; null when it cannot be asked.</summary>
    public static (long Bytes, long Files)? Usage(string path)
    {
        // On both processors: type, block size, blocks, free, available, inodes, free inodes, eight bytes each.
        var fields = stackalloc long[OpaqueBytes / sizeof(long)];

        return Ask(path, fields) == 0
            ? ((fields[2] - fields[3]) * fields[1], fields[5] - fields[6])
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(string path, long* fields);
}
