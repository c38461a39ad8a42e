using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Files;

/// <summary>Small acts on one name in an open directory; none follows a link.</summary>
internal static class TreeFiles
{
    private const uint BasicStats = 0x7FF;
    private const int TargetBytesMax = 4_096;
    private const int ListingBytes = 64 * 1024;

    private static readonly byte[] s_nothing = [0];

    public static FileStat? Stat(SafeFileHandle directory, string name)
    {
        var flags = Native.AtNoFollow | Native.AtEmptyPath;
        if (Native.Statx(directory, NameCodec.Terminated(name), flags, BasicStats, out var data) >= 0)
        {
            return FileStat.Of(data);
        }

        return Native.Error is Native.NoEntry or Native.NotDirectory ? null : throw FileFailure.Of(Native.Error);
    }

    public static FileStat Stat(SafeFileHandle file)
    {
        FileFailure.ThrowIfFailed(Native.Statx(file, s_nothing, Native.AtEmptyPath, BasicStats, out var data));

        return FileStat.Of(data);
    }

    /// <summary>Which file system an open file lies on.</summary>
    public static (uint Major, uint Minor) DeviceOf(SafeFileHandle file) => DeviceOf(file, string.Empty)!.Value;

    /// <summary>Which file system a name lies on; null where it has gone.</summary>
    public static (uint Major, uint Minor)? DeviceOf(SafeFileHandle directory, string name)
    {
        var flags = Native.AtNoFollow | Native.AtEmptyPath;
        var bytes = name.Length == 0 ? s_nothing : NameCodec.Terminated(name);

        return Native.Statx(directory, bytes, flags, BasicStats, out var data) >= 0
            ? (data.HostMajor, data.HostMinor)
            : null;
    }

    /// <summary>The target of a link; null where the name is no link or is not there.</summary>
    public static string? ReadLink(SafeFileHandle directory, string name)
    {
        Span<byte> buffer = stackalloc byte[TargetBytesMax];
        var count = Native.ReadLink(directory, NameCodec.Terminated(name), buffer, buffer.Length);

        return count >= 0 ? NameCodec.Decode(buffer[..(int)count]) : null;
    }

    /// <summary>The names in an open directory (not O_PATH), unordered; reading ends soon after the maximum.</summary>
    public static List<string> Names(SafeFileHandle directory, int namesMax = int.MaxValue)
    {
        var names = new List<string>();
        Read(directory, namesMax, (name, _) => names.Add(name));

        return names;
    }

    /// <summary>As above, each with what it is, which most file systems tell without another look.</summary>
    public static List<(string Name, FileKind Kind)> Entries(SafeFileHandle directory, int entriesMax)
    {
        const byte Unknown = 0, Folder = 4, Regular = 8, Link = 10;
        var entries = new List<(string, FileKind)>();
        Read(directory, entriesMax, (name, type) => entries.Add((name, type switch
        {
            Folder => FileKind.Directory,
            Regular => FileKind.Regular,
            Link => FileKind.Link,
            Unknown => Stat(directory, name)?.Kind ?? FileKind.Other,
            _ => FileKind.Other,
        })));

        return entries;
    }

    private static void Read(SafeFileHandle directory, int namesMax, Action<string, byte> visit)
    {
        var seen = 0;
        var buffer = new byte[ListingBytes];

        while (true)
        {
            var count = (int)Native.GetDents(directory, buffer, buffer.Length);
            FileFailure.ThrowIfFailed(count);
            if (count == 0 || seen > namesMax)
            {
                return;
            }

            for (var offset = 0; offset < count;)
            {
                // struct linux_dirent64: inode, offset, length of the record at 16, type at 18, name at 19.
                var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(offset + 16));
                var name = buffer.AsSpan(offset + 19, length - 19);
                name = name[..name.IndexOf((byte)0)];
                var type = buffer[offset + 18];
                offset += length;

                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    seen++;
                    visit(NameCodec.Decode(name), type);
                }
            }
        }
    }

    /// <summary>Opens one name for reading without following a link or waiting for a pipe.</summary>
    public static SafeFileHandle? TryOpen(SafeFileHandle directory, string name, int flags)
    {
        var descriptor = Native.Openat(
            directory,
            NameCodec.Terminated(name),
            flags | Native.OpenNoFollow | Native.OpenNonBlock | Native.OpenCloseOnExec,
            0);

        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    /// <summary>Deletes one name with everything below it, links as links.</summary>
    public static void DeleteAll(SafeFileHandle directory, string name, int depth = 0)
    {
        var bytes = NameCodec.Terminated(name);
        if (Native.Unlink(directory, bytes, 0) >= 0 || Native.Error is Native.NoEntry)
        {
            return;
        }

        if (Native.Error is not (Native.IsDirectory or Native.NotPermitted or Native.AccessDenied)
            || depth > FileLimits.DepthMax)
        {
            throw FileFailure.Of(Native.Error);
        }

        // The two opens see the same directory or fail: names are deleted beneath the open one only.
        using (var inside = TryOpen(directory, name, Native.OpenDirectory) ?? OpenAfterPermitting(directory, name))
        {
            foreach (var child in Names(inside))
            {
                DeleteAll(inside, child, depth + 1);
            }
        }

        if (Native.Unlink(directory, bytes, Native.AtRemoveDirectory) < 0 && Native.Error != Native.NoEntry)
        {
            throw FileFailure.Of(Native.Error);
        }
    }

    /// <summary>Changes the mode of exactly the open file, also where it was opened O_PATH.</summary>
    public static void ChangeMode(SafeFileHandle file, int mode) =>
        FileFailure.ThrowIfFailed(Native.ChangeMode(ProcPath(file), (uint)(mode & 0xFFF)));

    /// <summary>Gives a file to its owner and group.</summary>
    /// <remarks>An ordinary user may not give a group away that is not his own: there the group stays ours.</remarks>
    public static void ChangeOwner(SafeFileHandle file, uint user, uint group)
    {
        if (Native.ChangeOwner(file, s_nothing, user, group, Native.AtEmptyPath) < 0 && !MayKeepGroup(user))
        {
            throw FileFailure.Of(Native.Error);
        }
    }

    public static bool MayKeepGroup(uint user) =>
        Native.Error == Native.NotPermitted && Native.EffectiveUser() != 0 && Native.EffectiveUser() == user;

    public static void Sync(SafeFileHandle file) => FileFailure.ThrowIfFailed(Native.Sync(file));

    /// <summary>Opens a directory for reading although its mode forbids it, giving its owner access.</summary>
    public static SafeFileHandle OpenAfterPermitting(SafeFileHandle directory, string name)
    {
        using var path = TryOpen(directory, name, Native.OpenPath | Native.OpenDirectory)
            ?? throw FileFailure.Of(Native.Error);
        ChangeMode(path, TreeFiles.Stat(path).Permissions | 0x1C0);

        return TryOpen(directory, name, Native.OpenDirectory) ?? throw FileFailure.Of(Native.Error);
    }

    /// <summary>The name by which this process reaches an open file.</summary>
    public static byte[] ProcPath(SafeFileHandle file) =>
        Encoding.ASCII.GetBytes($"/proc/self/fd/{file.DangerousGetHandle()}\0");
}
