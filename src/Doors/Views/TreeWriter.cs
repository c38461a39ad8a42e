using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Brings single paths beneath an open directory to a given state, never through a link.</summary>
/// <remarks>
/// A file or link is replaced by rename, so that at each moment the old or the new one stands there. In a view
/// (<c>canPermit</c>) directories that their owner closed are opened for the time of the change.
/// </remarks>
internal sealed class TreeWriter(SafeFileHandle root, bool isDurable, bool canPermit) : IDisposable
{
    public const string TemporaryPrefix = ".reeve-apply-";

    private readonly SortedDictionary<string, int> _permitted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public FileStat? Stat(string path)
    {
        var at = Split(path);
        using var parent = TryOpenParent(at.Parent);

        return parent is null ? null : TreeFiles.Stat(parent, at.Name);
    }

    /// <summary>Removes what stands at a path; without <paramref name="isRecursive"/> a filled directory is
    /// refused.</summary>
    public void Remove(string path, bool isRecursive)
    {
        var at = Split(path);
        using var parent = TryOpenParent(at.Parent);
        if (parent is null || TreeFiles.Stat(parent, at.Name) is not { } stat)
        {
            return;
        }

        if (isRecursive)
        {
            TreeFiles.DeleteAll(parent, at.Name);
        }
        else
        {
            var flags = stat.Kind == FileKind.Directory ? Native.AtRemoveDirectory : 0;
            FileFailure.ThrowIfFailed(Native.Unlink(parent, NameCodec.Terminated(at.Name), flags));
        }

        Sync(parent);
    }

    public void Put(
        string path, NodeState target, Func<ContentSource> content, (uint User, uint Group)? owner, long? modifiedAt)
    {
        var at = Split(path);
        using var parent = TryOpenParent(at.Parent)
            ?? throw new ProblemException(new Problem("file.not_found", "The folder of a changed file has gone."));

        switch (target.Kind)
        {
            case NodeKind.Directory:
                PutDirectory(parent, at.Name, owner);
                break;
            case NodeKind.File:
                PutByRename(parent, at.Name, temporary => Fill(parent, temporary, target, content, owner, modifiedAt));
                break;
            case NodeKind.Link:
                PutByRename(parent, at.Name, temporary => Link(parent, temporary, target.Content, owner, modifiedAt));
                break;
            default:
                PutByRename(parent, at.Name, temporary => FileFailure.ThrowIfFailed(NativeNodes.MakeNode(
                    parent, NameCodec.Terminated(temporary), uint.Parse(target.Content, null) | (uint)target.Mode, 0)));
                break;
        }

        Sync(parent);
    }

    /// <summary>Sets mode, owner and time of what stands there, unless that is a link.</summary>
    public void SetAttributes(string path, int mode, (uint User, uint Group)? owner, long? modifiedAt)
    {
        var at = Split(path);
        using var parent = TryOpenParent(at.Parent);
        using var file = parent is null ? null : TreeFiles.TryOpen(parent, at.Name, Native.OpenPath);
        if (file is null || TreeFiles.Stat(file).Kind == FileKind.Link)
        {
            return;
        }

        if (owner is { } given)
        {
            TreeFiles.ChangeOwner(file, given.User, given.Group);
        }

        TreeFiles.ChangeMode(file, mode);
        _permitted.Remove(path);
        SetTime(file, modifiedAt);
        Sync(parent!);
    }

    /// <summary>Removes what an interrupted replacement left in the directory of a path.</summary>
    public void RemoveTemporaries(string path)
    {
        var at = Split(path);
        using var parent = TryOpenParent(at.Parent);
        if (parent is null)
        {
            return;
        }

        foreach (var name in TreeFiles.Names(parent).Where(IsTemporary))
        {
            Native.Unlink(parent, NameCodec.Terminated(name), 0);
        }
    }

    public void Dispose()
    {
        foreach (var (path, mode) in _permitted.Reverse())
        {
            using var directory = Beneath.TryOpen(root, path, Native.OpenPath, followLinks: false).Handle;
            if (directory is not null)
            {
                TreeFiles.ChangeMode(directory, mode);
            }
        }
    }

    private static bool IsTemporary(string name) => name.StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    private static (string Parent, string Name) Split(string path) =>
        path.LastIndexOf('/') is var slash and >= 0 ? (path[..slash], path[(slash + 1)..]) : (".", path);

    private static void PutDirectory(SafeFileHandle parent, string name, (uint User, uint Group)? owner)
    {
        if (Native.MakeDirectory(parent, NameCodec.Terminated(name), 0x1C0) < 0)
        {
            throw FileFailure.Of(Native.Error);
        }

        if (owner is { } given)
        {
            using var directory = TreeFiles.TryOpen(parent, name, Native.OpenPath | Native.OpenDirectory)
                ?? throw FileFailure.Of(Native.Error);
            TreeFiles.ChangeOwner(directory, given.User, given.Group);
        }
    }

    private static void PutByRename(SafeFileHandle parent, string name, Action<string> make)
    {
        var temporary = TemporaryPrefix + RandomNumberGenerator.GetHexString(16);
        try
        {
            make(temporary);
            FileFailure.ThrowIfFailed(Native.Rename(
                parent, NameCodec.Terminated(temporary), parent, NameCodec.Terminated(name)));
        }
        catch
        {
            Native.Unlink(parent, NameCodec.Terminated(temporary), 0);
            throw;
        }
    }

    private void Fill(
        SafeFileHandle parent,
        string temporary,
        NodeState target,
        Func<ContentSource> content,
        (uint User, uint Group)? owner,
        long? modifiedAt)
    {
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(parent, NameCodec.Terminated(temporary), flags, 0x180);
        using var file = new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
        using var source = content();

        var digest = ObjectStore.Copy(source.File, file, source.Offset, source.Count);
        Problem.ThrowUnless(
            digest == target.Content, "view.changed", "A file changed while it was being copied; try again.");

        if (owner is { } given)
        {
            TreeFiles.ChangeOwner(file, given.User, given.Group);
        }

        TreeFiles.ChangeMode(file, target.Mode);
        SetTime(file, modifiedAt);
        Sync(file);
    }

    private static void Link(
        SafeFileHandle parent,
        string temporary,
        string target,
        (uint User, uint Group)? owner,
        long? modifiedAt)
    {
        var name = NameCodec.Terminated(temporary);
        FileFailure.ThrowIfFailed(Native.SymbolicLink(NameCodec.Terminated(target), parent, name));
        if (owner is { } given)
        {
            var changed = Native.ChangeOwner(parent, name, given.User, given.Group, Native.AtNoFollow);
            FileFailure.ThrowIfFailed(changed < 0 && TreeFiles.MayKeepGroup(given.User) ? 0 : changed);
        }

        if (modifiedAt is { } time)
        {
            FileFailure.ThrowIfFailed(Native.SetTimes(parent, name, new TimePair(time), Native.AtNoFollow));
        }
    }

    private static void SetTime(SafeFileHandle file, long? modifiedAt)
    {
        if (modifiedAt is { } time)
        {
            FileFailure.ThrowIfFailed(
                Native.SetTimes(file, TreeFiles.ProcPath(file), new TimePair(time), 0));
        }
    }

    private SafeFileHandle? TryOpenParent(string parent)
    {
        if (canPermit)
        {
            Permit(parent);
        }

        var (handle, error) = Beneath.TryOpen(
            root, parent, Native.OpenRead | Native.OpenDirectory, followLinks: false);

        return handle ?? (error is Native.NoEntry or Native.NotDirectory ? null : throw FileFailure.Of(error));
    }

    private void Permit(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); ; end = path.IndexOf('/', end + 1))
        {
            var part = end < 0 ? path : path[..end];
            if (_seen.Add(part))
            {
                using var directory = Beneath.TryOpen(root, part, Native.OpenPath, followLinks: false).Handle;
                if (directory is not null
                    && TreeFiles.Stat(directory) is { Kind: FileKind.Directory } stat
                    && (stat.Permissions & 0x1C0) != 0x1C0)
                {
                    _permitted[part] = stat.Permissions;
                    TreeFiles.ChangeMode(directory, stat.Permissions | 0x1C0);
                }
            }

            if (end < 0)
            {
                return;
            }
        }
    }

    private void Sync(SafeFileHandle file)
    {
        if (isDurable)
        {
            TreeFiles.Sync(file);
        }
    }
}
