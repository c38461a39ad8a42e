using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The small binary files of a view: written atomically and durably, closed by a SHA-256 of their
/// bytes.</summary>
internal static class Record
{
    private const int FileMode = 0x180;

    public static void Write(SafeFileHandle directory, string name, Action<BinaryWriter> body)
    {
        using var bytes = Closed(body);
        AtomicFile.Write(directory, name, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), FileMode, owner: null);
    }

    /// <summary>As above, but after a loss of power the old record may be back, until the directory is
    /// synced.</summary>
    public static void Replace(SafeFileHandle directory, string name, Action<BinaryWriter> body)
    {
        using var bytes = Closed(body);
        AtomicFile.Replace(directory, name, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), FileMode, owner: null);
    }

    /// <summary>Writes the first record of a name, which <see cref="Sync"/> then makes durable in a file system's one
    /// commit instead of two.</summary>
    /// <remarks>Cut short it is damaged: whoever reads it must be able to make it anew.</remarks>
    public static void WriteFirst(SafeFileHandle directory, string name, Action<BinaryWriter> body)
    {
        using var bytes = Closed(body);
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenTruncate | Native.OpenNoFollow;
        var descriptor = Native.Openat(
            directory, NameCodec.Terminated(name), flags | Native.OpenCloseOnExec, FileMode);
        using var file = new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);

        try
        {
            RandomAccess.Write(file, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), 0);
        }
        catch (IOException failure) when (failure.HResult is Native.NoSpace or Native.Quota)
        {
            throw FileFailure.Of(failure.HResult);
        }
    }

    /// <summary>Makes a record and its name durable.</summary>
    public static void Sync(SafeFileHandle directory, string name)
    {
        using var file = TreeFiles.TryOpen(directory, name, Native.OpenRead)
            ?? throw FileFailure.Of(Native.Error);
        TreeFiles.Sync(file);
        TreeFiles.Sync(directory);
    }

    /// <summary>Reads a record; default where there is none, <c>view.corrupt</c> where its bytes are not as
    /// written.</summary>
    public static T? Read<T>(SafeFileHandle directory, string name, Func<BinaryReader, T> body)
        where T : class
    {
        using var file = TreeFiles.TryOpen(directory, name, Native.OpenRead);
        if (file is null)
        {
            return Native.Error == Native.NoEntry ? null : throw FileFailure.Of(Native.Error);
        }

        var bytes = new byte[RandomAccess.GetLength(file)];
        var count = 0;
        while (count < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(count), count) is var read and > 0)
        {
            count += read;
        }

        var length = count - SHA256.HashSizeInBytes;
        Problem.ThrowUnless(
            length >= 0 && SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length, 32)),
            "view.corrupt",
            "A record of this run's view is damaged; the workspace itself is untouched. Discard the run.");

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length));

        return body(reader);
    }

    private static MemoryStream Closed(Action<BinaryWriter> body)
    {
        var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            body(writer);
        }

        bytes.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));

        return bytes;
    }

    public static void WriteName(this BinaryWriter writer, string name)
    {
        var bytes = NameCodec.TryEncode(name) ?? throw new ArgumentException("No name.", nameof(name));
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    public static string ReadName(this BinaryReader reader) =>
        NameCodec.Decode(reader.ReadBytes(reader.Read7BitEncodedInt()));

    public static void WriteState(this BinaryWriter writer, NodeState state)
    {
        writer.Write((byte)state.Kind);
        writer.Write((ushort)state.Mode);
        writer.WriteName(state.Content);
    }

    public static NodeState ReadState(this BinaryReader reader) =>
        new((NodeKind)reader.ReadByte(), reader.ReadUInt16(), reader.ReadName());

    public static void WriteStat(this BinaryWriter writer, FileStat stat)
    {
        writer.Write((byte)stat.Kind);
        writer.Write((ushort)stat.Mode);
        writer.Write(stat.User);
        writer.Write(stat.Group);
        writer.Write(stat.Inode);
        writer.Write(stat.Size);
        writer.Write(stat.ModifiedAt);
        writer.Write(stat.ChangedAt);
    }

    public static FileStat ReadStat(this BinaryReader reader) => new(
        (Authority.Mandates.FileKind)reader.ReadByte(),
        reader.ReadUInt16(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadUInt64(),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadInt64(),
        IsWhiteout: false);
}
