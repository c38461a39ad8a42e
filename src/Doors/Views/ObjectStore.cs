using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Contents by their SHA-256, each written once, durably, and never changed.</summary>
/// <remarks>Its directory is made with the first content: most views keep none.</remarks>
internal sealed class ObjectStore(SafeFileHandle parent, string name) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly Lock _opening = new();
    private SafeFileHandle? _directory;

    /// <summary>Keeps a copy of an open file; gives the digest of the very bytes that were kept.</summary>
    public string Put(SafeFileHandle from)
    {
        var temporary = NameCodec.Terminated($"new-{RandomNumberGenerator.GetHexString(16)}");
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenCloseOnExec;
        var directory = Made();
        var descriptor = FileFailure.ThrowIfFailed(Native.Openat(directory, temporary, flags, 0x180));

        try
        {
            string digest;
            using (var file = new SafeFileHandle(descriptor, ownsHandle: true))
            {
                digest = Copy(from, file);
                TreeFiles.Sync(file);
            }

            FileFailure.ThrowIfFailed(
                Native.Rename(directory, temporary, directory, NameCodec.Terminated(digest)));

            return digest;
        }
        catch
        {
            Native.Unlink(directory, temporary, 0);
            throw;
        }
    }

    public bool Has(string digest) => Present() is { } directory && TreeFiles.Stat(directory, digest) is not null;

    public SafeFileHandle? TryOpen(string digest) =>
        Present() is { } directory ? TreeFiles.TryOpen(directory, digest, Native.OpenRead) : null;

    /// <summary>Makes the names of what was put durable.</summary>
    public void Sync()
    {
        if (Present() is { } directory)
        {
            TreeFiles.Sync(directory);
        }
    }

    public void Dispose() => _directory?.Dispose();

    public static string DigestOf(SafeFileHandle file) => Copy(file, to: null);

    /// <summary>Copies all bytes and gives their digest.</summary>
    public static string Copy(SafeFileHandle from, SafeFileHandle? to, long offset = 0, long count = long.MaxValue)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);

        try
        {
            var done = 0L;
            while (done < count)
            {
                var wanted = (int)Math.Min(buffer.Length, count - done);
                var read = RandomAccess.Read(from, buffer.AsSpan(0, wanted), offset + done);
                if (read == 0)
                {
                    break;
                }

                hash.AppendData(buffer, 0, read);
                if (to is not null)
                {
                    Write(to, buffer.AsSpan(0, read), done);
                }

                done += read;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(SafeFileHandle to, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(to, bytes, offset);
        }
        catch (IOException failure) when (failure.HResult is Native.NoSpace or Native.Quota)
        {
            throw FileFailure.Of(failure.HResult);
        }
    }

    private SafeFileHandle? Present()
    {
        lock (_opening)
        {
            return _directory ??= TreeFiles.TryOpen(parent, name, Native.OpenDirectory);
        }
    }

    private SafeFileHandle Made()
    {
        if (Present() is { } present)
        {
            return present;
        }

        if (Native.MakeDirectory(parent, NameCodec.Terminated(name), 0x1C0) < 0 && Native.Error != Native.Exists)
        {
            throw FileFailure.Of(Native.Error);
        }

        TreeFiles.Sync(parent);

        return Present() ?? throw FileFailure.Of(Native.Error);
    }
}
