using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Journal;

namespace Reeve.Doors.Vault;

/// <summary>The 32 random bytes that open everything else, in a file that only its owner can read.</summary>
/// <remarks>
/// The file appears under its name complete and synced, or not at all, and never replaces another (open(2) with
/// O_EXCL, fsync(2), linkat(2)). It is checked on the open file, so that what was checked is what is read.
/// </remarks>
public sealed class MasterKey : IDisposable
{
    public const int Bytes = 32;

    private const string Folder = "keys", Name = "master.key";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    private readonly byte[] _key;

    internal MasterKey(byte[] key) => _key = key;

    /// <summary>Opens or makes the key and hands out only what wraps with it.</summary>
    /// <param name="isEmpty">Whether no run is stored yet: only then may a missing key be made.</param>
    public static Task<KeyWrap> OpenAsync(
        string dataDirectory, bool isEmpty, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var entropy = new SystemEntropy();
                using var master = OpenOrCreate(dataDirectory, dataExist: !isEmpty, entropy);
                return new KeyWrap(master, entropy);
            },
            cancellationToken);

    /// <summary>Reads the key below a data directory, and makes it when nothing was ever protected by one.</summary>
    /// <param name="dataExist">Whether runs are stored: then a missing key is a loss and not a first start.</param>
    /// <exception cref="ProblemException">
    /// <c>key.permissions</c>, <c>key.missing</c>, <c>key.damaged</c>, <c>key.unavailable</c>
    /// </exception>
    public static MasterKey OpenOrCreate(string dataDirectory, bool dataExist, IEntropy entropy)
    {
        using var directory = OpenDirectory(Path.Combine(dataDirectory, Folder));

        if (OpenKey(directory) is not { } file)
        {
            RefuseUnless(!dataExist, KeyProblems.Missing);
            Create(directory, entropy);
            file = OpenKey(directory) ?? throw new ProblemException(KeyProblems.Unavailable);
        }

        using (file)
        {
            return new MasterKey(Read(file));
        }
    }

    /// <summary>A key for one purpose, from which neither this key nor that of another purpose follows.</summary>
    /// <remarks>HKDF with SHA-256, RFC 5869.</remarks>
    internal byte[] DeriveFor(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Bytes, info: Encoding.UTF8.GetBytes(purpose));

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static SafeFileHandle OpenDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path, PrivateDirectory);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(KeyProblems.Unavailable);
        }

        var flags = Native.OpenRead | Native.OpenDirectory | Native.OpenNoFollow | Native.OpenCloseOnExec;
        var descriptor = Native.Open(NameCodec.Terminated(path), flags, 0);
        RefuseUnless(descriptor >= 0, KeyProblems.Permissions);

        var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        RefuseUnlessPrivate(directory, PrivateDirectory, FileType.Directory);

        return directory;
    }

    private static SafeFileHandle? OpenKey(SafeFileHandle directory)
    {
        // Without NonBlock a pipe of this name would hold the start for ever.
        var flags = Native.OpenRead | Native.OpenNoFollow | Native.OpenNonBlock | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(directory, NameCodec.Terminated(Name), flags, 0);

        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        RefuseUnless(Native.Error == Native.NoEntry, KeyProblems.Permissions);
        return null;
    }

    private static void Create(SafeFileHandle directory, IEntropy entropy)
    {
        var key = new byte[Bytes];
        var suffix = new byte[8];
        entropy.Fill(key);
        entropy.Fill(suffix);
        var temporary = NameCodec.Terminated($"{Name}.{Convert.ToHexStringLower(suffix)}");

        try
        {
            Write(directory, temporary, key);
            var linked = NativeLinks.Link(directory, temporary, directory, NameCodec.Terminated(Name), flags: 0);

            // Whoever was first wins: the caller reads what is there now.
            RefuseUnless(linked == 0 || Native.Error == Native.Exists, KeyProblems.Unavailable);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            _ = Native.Unlink(directory, temporary, 0);
        }

        RefuseUnless(Native.Sync(directory) == 0, KeyProblems.Unavailable);
    }

    private static void Write(SafeFileHandle directory, byte[] name, byte[] key)
    {
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenNoFollow;
        var descriptor = Native.Openat(directory, name, flags | Native.OpenCloseOnExec, (uint)PrivateFile);
        RefuseUnless(descriptor >= 0, KeyProblems.Unavailable);

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);

        try
        {
            RandomAccess.Write(file, key, fileOffset: 0);
        }
        catch (IOException)
        {
            throw new ProblemException(KeyProblems.Unavailable);
        }

        RefuseUnless(Native.Sync(file) == 0, KeyProblems.Unavailable);
    }

    private static byte[] Read(SafeFileHandle file)
    {
        RefuseUnlessPrivate(file, PrivateFile, FileType.Regular);

        // One byte more than there may be: a longer file is not the key.
        var read = new byte[Bytes + 1];
        var count = RandomAccess.Read(file, read, fileOffset: 0);
        RefuseUnless(count == Bytes, KeyProblems.Damaged);

        return read[..Bytes];
    }

    private static void RefuseUnlessPrivate(SafeFileHandle opened, UnixFileMode widest, FileType kind)
    {
        const uint BasicStats = 0x7ff;

        var result = Native.Statx(
            opened, NameCodec.Terminated(string.Empty), Native.AtEmptyPath, BasicStats, out var data);
        var isPrivate = result == 0
            && (data.Mode & 0xF000) == (int)kind
            && (data.Mode & 0xFFF & ~(int)widest) == 0
            && data.User == Native.EffectiveUser();
        RefuseUnless(isPrivate, KeyProblems.Permissions);
    }

    private static void RefuseUnless(bool holds, Problem problem)
    {
        if (!holds)
        {
            throw new ProblemException(problem);
        }
    }

    /// <summary>The type bits of a mode, inode(7).</summary>
    private enum FileType
    {
        Directory = 0x4000,
        Regular = 0x8000,
    }
}
