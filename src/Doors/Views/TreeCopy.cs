using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Copies the user's tree into a view and its contents into the base pack, in one walk.</summary>
/// <remarks>
/// The pack is one file with the contents end to end: what a file was when the view was made stays known after
/// both the run and the user have changed it. With reflinks (FICLONE, ioctl_ficlonerange(2)) both share the
/// user's blocks. A file that changes while it is copied is copied again.
/// </remarks>
internal sealed class TreeCopy(
    SafeFileHandle source,
    SafeFileHandle target,
    SafeFileHandle pack,
    (uint User, uint Group)? owner,
    ViewLimits limits)
{
    private const ulong FileClone = 0x40049409;
    private const int TriesMax = 3;
    private const long CloneAlignment = 4096;

    private readonly List<ManifestEntry> _entries = [];
    private long _packed;
    private int _count;

    /// <summary>True once a file could be cloned; null before the first file.</summary>
    public bool? IsReflinked { get; private set; }

    public IReadOnlyList<ManifestEntry> Run(bool canClone)
    {
        IsReflinked = canClone ? null : false;
        using var from = Beneath.Open(source, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
        using var to = Beneath.Open(target, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
        CopyDirectory(from, to, string.Empty, 0);

        return _entries;
    }

    private void CopyDirectory(SafeFileHandle from, SafeFileHandle to, string prefix, int depth)
    {
        Problem.ThrowUnless(
            depth <= ViewLimits.DepthMax, "workspace.too_large", "The workspace has folders nested too deeply.");
        var names = TreeFiles.Names(from, limits.EntriesMax);

        foreach (var name in names)
        {
            if (TreeFiles.Stat(from, name) is not { } stat)
            {
                continue;
            }

            Problem.ThrowUnless(
                ++_count <= limits.EntriesMax,
                "workspace.too_large",
                $"The workspace has more than {limits.EntriesMax} files; choose a smaller folder.");
            CopyOne(from, to, name, prefix + name, stat, depth);
        }
    }

    private void CopyOne(SafeFileHandle from, SafeFileHandle to, string name, string path, FileStat stat, int depth)
    {
        switch (stat.Kind)
        {
            case FileKind.Directory:
                CopyFolder(from, to, name, path, stat, depth);
                break;
            case FileKind.Regular:
                CopyFile(from, to, name, path);
                break;
            case FileKind.Link:
                CopyLink(from, to, name, path, stat);
                break;
            default:
                Hide(path, stat);
                break;
        }
    }

    private void CopyFolder(SafeFileHandle from, SafeFileHandle to, string name, string path, FileStat stat, int depth)
    {
        using var inside = TreeFiles.TryOpen(from, name, Native.OpenDirectory);
        if (inside is null)
        {
            Hide(path, stat);
            return;
        }

        FileFailure.ThrowIfFailed(Native.MakeDirectory(to, NameCodec.Terminated(name), 0x1C0));
        using var made = TreeFiles.TryOpen(to, name, Native.OpenDirectory) ?? throw FileFailure.Of(Native.Error);
        _entries.Add(new ManifestEntry(path, stat, string.Empty, false, default, -1, string.Empty));
        CopyDirectory(inside, made, path + "/", depth + 1);
        Own(made);
        TreeFiles.ChangeMode(made, ManifestEntry.ViewModeOf(stat));
    }

    private void CopyLink(SafeFileHandle from, SafeFileHandle to, string name, string path, FileStat stat)
    {
        var bytes = NameCodec.Terminated(name);
        var link = TreeFiles.ReadLink(from, name) ?? throw FileFailure.Of(Native.Error);
        FileFailure.ThrowIfFailed(Native.SymbolicLink(NameCodec.Terminated(link), to, bytes));
        if (owner is { } given)
        {
            FileFailure.ThrowIfFailed(Native.ChangeOwner(to, bytes, given.User, given.Group, Native.AtNoFollow));
        }

        _entries.Add(new ManifestEntry(path, stat, link, false, default, -1, string.Empty));
    }

    private void CopyFile(SafeFileHandle from, SafeFileHandle to, string name, string path)
    {
        using var file = TreeFiles.TryOpen(from, name, Native.OpenRead);
        if (file is null)
        {
            Hide(path, TreeFiles.Stat(from, name) ?? default);
            return;
        }

        var flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenCloseOnExec;
        using var made = new SafeFileHandle(
            FileFailure.ThrowIfFailed(Native.Openat(to, NameCodec.Terminated(name), flags, 0x180)), ownsHandle: true);

        for (var tries = 0; tries < TriesMax; tries++)
        {
            var before = TreeFiles.Stat(file);
            Problem.ThrowUnless(
                _packed + before.Size <= limits.TreeBytesMax,
                "workspace.too_large",
                $"The workspace has more than {limits.TreeBytesMax} bytes; choose a smaller folder.");

            // Only whole blocks can be shared.
            var aligned = (_packed + CloneAlignment - 1) / CloneAlignment * CloneAlignment;
            var offset = IsReflinked == true ? aligned : _packed;
            var digest = CopyContent(file, made, offset, before.Size);
            if (TreeFiles.Stat(file) == before)
            {
                _packed = offset + before.Size;
                Own(made);
                TreeFiles.ChangeMode(made, ManifestEntry.ViewModeOf(before));
                FileFailure.ThrowIfFailed(Native.SetTimes(
                    made, TreeFiles.ProcPath(made), new TimePair(before.ModifiedAt), 0));
                _entries.Add(new ManifestEntry(
                    path, before, string.Empty, false, TreeFiles.Stat(made), offset, digest));
                return;
            }

            RandomAccess.SetLength(made, 0);
        }

        Problem.Throw("workspace.busy", "The workspace is being changed; try again when it is quiet.");
    }

    // Gives the digest where the bytes went through our hands, else nothing.
    private string CopyContent(SafeFileHandle file, SafeFileHandle made, long offset, long size)
    {
        if (IsReflinked != false && Native.Clone(made, FileClone, file) >= 0)
        {
            IsReflinked = true;
            CopyRange(file, offset, size);
            return string.Empty;
        }

        IsReflinked = false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(256 * 1024);
        for (var done = 0L; done < size;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - done)), done);
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            ThrowIfFull(() => RandomAccess.Write(made, buffer.AsSpan(0, read), done));
            ThrowIfFull(() => RandomAccess.Write(pack, buffer.AsSpan(0, read), offset + done));
            done += read;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void CopyRange(SafeFileHandle file, long offset, long size)
    {
        for (long from = 0, to = offset; from < size;)
        {
            var count = Native.CopyRange(file, ref from, pack, ref to, (nuint)(size - from), 0);
            if (count == 0)
            {
                return;
            }

            FileFailure.ThrowIfFailed((int)Math.Min(count, 1));
        }
    }

    private static void ThrowIfFull(Action write)
    {
        try
        {
            write();
        }
        catch (IOException failure) when (failure.HResult is Native.NoSpace or Native.Quota)
        {
            throw FileFailure.Of(failure.HResult);
        }
    }

    private void Own(SafeFileHandle file)
    {
        if (owner is { } given)
        {
            TreeFiles.ChangeOwner(file, given.User, given.Group);
        }
    }

    private void Hide(string path, FileStat stat) =>
        _entries.Add(new ManifestEntry(path, stat, string.Empty, true, default, -1, string.Empty));
}
