using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;

namespace Reeve.Doors.Repositories;

/// <summary>Adds objects to a repository as git does: each durable under its name or not there, none
/// replaced.</summary>
internal sealed class LooseObjects(SafeFileHandle root)
{
    // Git's own name for what it had no time to finish; its collection removes them.
    private const string TemporaryPrefix = "tmp_obj_";

    public void Put(string id, GitObject content)
    {
        using var objects = Beneath.Open(
            root, ".git/objects", Native.OpenRead | Native.OpenDirectory, followLinks: false);
        var above = TreeFiles.Stat(objects);
        (uint, uint)? owner = Native.EffectiveUser() == 0 ? (above.User, above.Group) : null;
        using var folder = OpenFolder(objects, id[..2], above.Permissions, owner);
        var name = id[2..];
        if (TreeFiles.Stat(folder, name) is not null)
        {
            return;
        }

        var temporary = NameCodec.Terminated(TemporaryPrefix + RandomNumberGenerator.GetHexString(12));
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenNoFollow;
        var descriptor = Native.Openat(folder, temporary, flags | Native.OpenCloseOnExec, 0x180);
        try
        {
            using (var file = new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true))
            {
                Write(file, content.Deflate());
                AtomicFile.Finish(file, 0x124, owner);
            }

            FileFailure.ThrowIfFailed(Native.Rename(folder, temporary, folder, NameCodec.Terminated(name)));
        }
        catch
        {
            Native.Unlink(folder, temporary, 0);
            throw;
        }

        TreeFiles.Sync(folder);
    }

    private static void Write(SafeFileHandle file, byte[] bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, 0);
        }
        catch (IOException failure) when (failure.HResult is Native.NoSpace or Native.Quota)
        {
            throw FileFailure.Of(failure.HResult);
        }
    }

    private static SafeFileHandle OpenFolder(
        SafeFileHandle objects, string name, int mode, (uint User, uint Group)? owner)
    {
        var isNew = Native.MakeDirectory(objects, NameCodec.Terminated(name), 0x1C0) >= 0;
        var folder = TreeFiles.TryOpen(objects, name, Native.OpenDirectory) ?? throw FileFailure.Of(Native.Error);
        if (isNew)
        {
            if (owner is { } given)
            {
                TreeFiles.ChangeOwner(folder, given.User, given.Group);
            }

            TreeFiles.ChangeMode(folder, mode);
            TreeFiles.Sync(objects);
        }

        return folder;
    }
}
