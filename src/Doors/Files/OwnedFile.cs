using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Files;

/// <summary>Reads a file that only the administrator of this machine can have written.</summary>
/// <remarks>
/// Checked on the open file and on the folder that holds it, so that what was checked is what is read: both belong
/// to root, and neither its group nor others may write them. A link in the place of the file is refused.
/// </remarks>
public static class OwnedFile
{
    private const int WritableByOthers = 0x12;

    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="ProblemException"><c>policy.unprotected</c>, <c>policy.unreadable</c>,
    /// <c>policy.too_large</c></exception>
    public static byte[]? Read(string path, int bytesMax)
    {
        var folderFlags = Native.OpenPath | Native.OpenDirectory | Native.OpenCloseOnExec;
        var descriptor = Native.Open(NameCodec.Terminated(Path.GetDirectoryName(path)!), folderFlags, 0);

        if (descriptor < 0)
        {
            return ThrowUnlessMissing();
        }

        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        var flags = Native.OpenRead | Native.OpenNoFollow | Native.OpenNonBlock | Native.OpenCloseOnExec;
        descriptor = Native.Openat(folder, NameCodec.Terminated(Path.GetFileName(path)), flags, 0);

        if (descriptor < 0)
        {
            return ThrowUnlessMissing();
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var stat = TreeFiles.Stat(file);
        Problem.ThrowUnless(
            stat.Kind == FileKind.Regular && IsRoots(stat) && IsRoots(TreeFiles.Stat(folder)), "policy.unprotected",
            "The administrator's policy, and the folder it lies in, must belong to root and be writable by nobody "
            + "else.");
        Problem.ThrowUnless(
            stat.Size <= bytesMax, "policy.too_large",
            $"The administrator's policy is larger than {bytesMax / 1024} KiB.");

        return ReadAll(file, bytesMax);
    }

    internal static byte[] ReadAll(SafeFileHandle file, int bytesMax)
    {
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[bytesMax + 1];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Problem.ThrowUnless(count <= bytesMax, "file.too_large", $"The file is larger than {bytesMax / 1024} KiB.");

        return bytes[..count];
    }

    private static bool IsRoots(FileStat stat) => stat.User == 0 && (stat.Permissions & WritableByOthers) == 0;

    // A policy that is there and cannot be read must not count as none.
    private static byte[]? ThrowUnlessMissing()
    {
        Problem.ThrowUnless(
            Native.Error is Native.NoEntry or Native.NotDirectory, "policy.unreadable",
            "The administrator's policy cannot be read; ask the administrator of this machine.");

        return null;
    }
}
