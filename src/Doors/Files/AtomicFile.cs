using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Files;

/// <summary>Replaces one name in an open directory, wholly or not at all, also when power fails.</summary>
/// <remarks>
/// Temporary file beside it, fsync of the file, rename, fsync of the directory (rename(2), fsync(2)). Both names
/// are resolved from the open directory, so the file cannot land in another one that is swapped in.
/// </remarks>
internal static class AtomicFile
{
    public const string TemporaryPrefix = ".reeve-write-";

    private const int TriesMax = 100;

    /// <param name="directory">Open for reading, since O_PATH cannot be synced.</param>
    /// <param name="owner">User and group to give the file to; null keeps the caller's.</param>
    public static void Write(
        SafeFileHandle directory, string name, ReadOnlySpan<byte> content, int mode, (uint User, uint Group)? owner)
    {
        Replace(directory, name, content, mode, owner);
        TreeFiles.Sync(directory);
    }

    /// <summary>As above, but after a loss of power the old file may stand there again, whole.</summary>
    public static void Replace(
        SafeFileHandle directory, string name, ReadOnlySpan<byte> content, int mode, (uint User, uint Group)? owner)
    {
        var temporary = CreateTemporary(directory, out var file);

        try
        {
            using (file)
            {
                RandomAccess.Write(file, content, 0);
                Finish(file, mode, owner);
            }

            FileFailure.ThrowIfFailed(Native.Rename(
                directory, NameCodec.Terminated(temporary), directory, NameCodec.Terminated(name)));
        }
        catch (Exception failure)
        {
            Native.Unlink(directory, NameCodec.Terminated(temporary), 0);
            if (failure is IOException { HResult: Native.NoSpace } or IOException { HResult: Native.Quota })
            {
                throw FileFailure.Of(Native.NoSpace);
            }

            throw;
        }
    }

    /// <summary>Owner before mode, because a change of owner clears bits of the mode.</summary>
    public static void Finish(SafeFileHandle file, int mode, (uint User, uint Group)? owner)
    {
        if (owner is { } given)
        {
            TreeFiles.ChangeOwner(file, given.User, given.Group);
        }

        TreeFiles.ChangeMode(file, mode);
        TreeFiles.Sync(file);
    }

    private static string CreateTemporary(SafeFileHandle directory, out SafeFileHandle file)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var name = TemporaryPrefix + RandomNumberGenerator.GetHexString(16);
            var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenNoFollow;
            var descriptor = Native.Openat(
                directory, NameCodec.Terminated(name), flags | Native.OpenCloseOnExec, 0x180);
            if (descriptor >= 0)
            {
                file = new SafeFileHandle(descriptor, ownsHandle: true);
                return name;
            }

            if (Native.Error != Native.Exists)
            {
                throw FileFailure.Of(Native.Error);
            }
        }

        throw FileFailure.Of(Native.Exists);
    }
}
