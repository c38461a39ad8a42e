using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Files;

/// <summary>The files beneath one open directory. See <see cref="IWorkspaceFiles"/> for what it promises.</summary>
/// <remarks>
/// The kernel resolves the path, not we: openat2(2) with RESOLVE_BENEATH walks from an open directory and
/// fails on any step that would leave it, so there is no gap between the check and the use. Nothing inside a
/// <c>.git</c> folder is changed here (<c>path.protected</c>): git in the sandbox may, these tools need not.
/// </remarks>
public sealed class WorkspaceFiles : IWorkspaceFiles, IDisposable
{
    private const int DirectoryMode = 0x1ED, FileMode = 0x1A4;
    private const int ModeKept = 0x1FF;

    private readonly TreeRoot _root;
    private readonly (uint User, uint Group)? _owner;
    private readonly Label _label;
    private readonly bool _canChange;
    private readonly IPathRules? _rules;
    private readonly FileLimits _limits;
    private PlacedRoot? _lastRoot;

    internal WorkspaceFiles(
        TreeRoot root,
        (uint User, uint Group)? owner,
        Label label,
        bool canChange,
        IPathRules? rules,
        FileLimits limits)
    {
        _root = root;
        _owner = owner;
        _label = label;
        _canChange = canChange;
        _rules = rules;
        _limits = limits;
    }

    public Labeled<Stream> OpenRead(string pathInWorkspace)
    {
        var path = WorkspacePath.Parse(pathInWorkspace);
        ThrowIfDenied(path.Text, FileAccessKind.Read);

        // Without NonBlock the name of a pipe would hold the call until somebody writes to it.
        var root = _root.ForReading();
        var file = Beneath.Open(root, path.Text, Native.OpenRead | Native.OpenNonBlock, followLinks: true);
        try
        {
            var stat = TreeFiles.Stat(file);
            Problem.ThrowUnless(
                stat.Kind == FileKind.Regular, "file.not_regular", "This is a directory or a device; name a file.");
            Problem.ThrowUnless(
                stat.Size <= _limits.ReadBytesMax,
                "file.too_large",
                $"The file has {stat.Size} bytes; at most {_limits.ReadBytesMax} can be read.");
            ThrowIfTargetDenied(root, file, path, FileAccessKind.Read);

            return new Labeled<Stream>(new FileStream(file, FileAccess.Read, bufferSize: 0), _label);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>False where there is certainly nothing of this name.</summary>
    public bool Exists(string pathInWorkspace)
    {
        var path = WorkspacePath.Parse(pathInWorkspace);
        ThrowIfDenied(path.Text, FileAccessKind.Read);
        var (found, error) = Beneath.TryOpen(_root.ForReading(), path.Text, Native.OpenPath, followLinks: true);
        found?.Dispose();

        return found is not null || error != Native.NoEntry;
    }

    /// <summary>True where there is certainly something of this name.</summary>
    public bool Holds(string pathInWorkspace)
    {
        var path = WorkspacePath.Parse(pathInWorkspace);
        ThrowIfDenied(path.Text, FileAccessKind.Read);
        var (found, _) = Beneath.TryOpen(_root.ForReading(), path.Text, Native.OpenPath, followLinks: true);
        found?.Dispose();

        return found is not null;
    }

    public Labeled<FileEntry> Stat(string pathInWorkspace)
    {
        var path = WorkspacePath.Parse(pathInWorkspace);
        ThrowIfDenied(path.Text, FileAccessKind.Read);

        var root = _root.ForReading();
        using var file = Beneath.Open(root, path.Text, Native.OpenPath, followLinks: true);
        var stat = TreeFiles.Stat(file);
        Problem.ThrowUnless(
            stat.Kind is FileKind.Regular or FileKind.Directory,
            "file.not_regular",
            "This is a device, pipe or socket and can only be listed.");
        ThrowIfTargetDenied(root, file, path, FileAccessKind.Read);

        return new Labeled<FileEntry>(EntryOf(path.Text, stat), _label);
    }

    public Labeled<IReadOnlyList<FileEntry>> List(string pathInWorkspace, int entriesMax)
    {
        var path = WorkspacePath.Parse(pathInWorkspace);
        ThrowIfDenied(path.Text, FileAccessKind.List);

        var root = _root.ForReading();
        using var directory = Beneath.Open(
            root, path.Text, Native.OpenRead | Native.OpenDirectory | Native.OpenNonBlock, followLinks: true);
        ThrowIfTargetDenied(root, directory, path, FileAccessKind.List);

        var names = TreeFiles.Names(directory, entriesMax);
        Problem.ThrowUnless(
            names.Count <= entriesMax,
            "directory.too_large",
            $"The directory has more than {entriesMax} entries; list a smaller one.");
        names.Sort(StringComparer.Ordinal);

        var entries = new List<FileEntry>(names.Count);
        foreach (var name in names)
        {
            // Gone since the listing: as if it had never been there.
            if (TreeFiles.Stat(directory, name) is { } stat)
            {
                entries.Add(EntryOf(path.IsRoot ? name : $"{path.Text}/{name}", stat));
            }
        }

        return new Labeled<IReadOnlyList<FileEntry>>(entries, _label);
    }

    public Task WriteAsync(
        string pathInWorkspace, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = ParseForChange(pathInWorkspace, FileAccessKind.Write);
        Problem.ThrowUnless(
            content.Length <= _limits.WriteBytesMax,
            "file.too_large",
            $"This is {content.Length} bytes; at most {_limits.WriteBytesMax} can be written.");

        return Task.Run(() => Write(path, content.Span), cancellationToken);
    }

    public void Delete(string pathInWorkspace)
    {
        var path = ParseForChange(pathInWorkspace, FileAccessKind.Delete);

        using var parent = OpenParent(path, canCreate: false);
        var stat = TreeFiles.Stat(parent, path.Name);
        Problem.ThrowUnless(stat is not null, "file.not_found", "There is no such file in the workspace.");
        ThrowUnlessOrdinary(stat.Value.Kind, isDirectoryFine: true);

        TreeFiles.DeleteAll(parent, path.Name);
        TreeFiles.Sync(parent);
    }

    public void Dispose() => _root.Dispose();

    private void Write(WorkspacePath path, ReadOnlySpan<byte> content)
    {
        using var parent = OpenParent(path, canCreate: true);
        var present = TreeFiles.Stat(parent, path.Name);
        if (present is { } stat)
        {
            ThrowUnlessOrdinary(stat.Kind, isDirectoryFine: false);
        }

        // Should a link take the name's place now, the rename replaces the link and never what it points at.
        var mode = present is { } kept ? kept.Permissions & ModeKept : FileMode;
        AtomicFile.Write(parent, path.Name, content, mode, _owner);
    }

    private WorkspacePath ParseForChange(string pathInWorkspace, FileAccessKind access)
    {
        Problem.ThrowUnless(_canChange, "grant.read_only", "This run may read the workspace, not change it.");

        var path = WorkspacePath.Parse(pathInWorkspace);
        Problem.ThrowUnless(!path.IsRoot, "path.invalid", "Name a file in the workspace, not the workspace.");
        Problem.ThrowUnless(
            !path.IsProtected, "path.protected", "File tools change nothing in .git; use git in a command.");
        ThrowIfDenied(path.Text, access);

        return path;
    }

    private SafeFileHandle OpenParent(WorkspacePath path, bool canCreate)
    {
        var (parent, error) = Beneath.TryOpen(
            _root.ForChanging(), path.Parent.Text, Native.OpenRead | Native.OpenDirectory, followLinks: false);
        if (parent is not null)
        {
            return parent;
        }

        return canCreate && error == Native.NoEntry ? CreateParent(path.Parent) : throw FileFailure.Of(error);
    }

    private SafeFileHandle CreateParent(WorkspacePath path)
    {
        var directory = Beneath.Open(
            _root.ForChanging(), ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);

        foreach (var part in path.Parts)
        {
            using var above = directory;
            var isNew = Native.MakeDirectory(above, NameCodec.Terminated(part), DirectoryMode) >= 0;
            if (!isNew && Native.Error != Native.Exists)
            {
                throw FileFailure.Of(Native.Error);
            }

            directory = Beneath.Open(above, part, Native.OpenRead | Native.OpenDirectory, followLinks: false);
            if (isNew)
            {
                Own(directory);
                TreeFiles.Sync(above);
            }
        }

        return directory;
    }

    private void Own(SafeFileHandle directory)
    {
        if (_owner is { } owner)
        {
            TreeFiles.ChangeOwner(directory, owner.User, owner.Group);
        }
    }

    private static void ThrowUnlessOrdinary(FileKind kind, bool isDirectoryFine)
    {
        Problem.ThrowUnless(
            kind != FileKind.Link, "path.link_refused", "The path ends in a link; name the file itself.");
        Problem.ThrowUnless(
            kind == FileKind.Regular || (kind == FileKind.Directory && isDirectoryFine),
            "file.not_regular",
            "This is a directory, device, pipe or socket; name a file.");
    }

    private void ThrowIfDenied(string path, FileAccessKind access) =>
        Problem.ThrowUnless(
            _rules?.Allows(path, access) != false, "path.denied", "A rule of this run's mandate denies this path.");

    // A rule on a file also holds for a link to it, so it is asked again for where the path really led.
    private void ThrowIfTargetDenied(
        SafeFileHandle root, SafeFileHandle file, WorkspacePath asked, FileAccessKind access)
    {
        if (_rules is null)
        {
            return;
        }

        var path = HostPathOf(file);

        // Where the root was last: what stands there under the very name asked for was reached through no link.
        // If the root was moved since, nothing beneath it stands there, and the root is looked for anew.
        if (_lastRoot is { } last && ReferenceEquals(last.Handle, root)
            && path.Length == last.Path.Length + 1 + asked.Text.Length
            && path.StartsWith(last.Path, StringComparison.Ordinal) && path[last.Path.Length] == '/'
            && path.EndsWith(asked.Text, StringComparison.Ordinal))
        {
            return;
        }

        var above = HostPathOf(root).TrimEnd('/');
        _lastRoot = new PlacedRoot(root, above);
        var target = path.Length > above.Length + 1 ? path[(above.Length + 1)..] : ".";

        if (target != asked.Text)
        {
            ThrowIfDenied(target, access);
        }
    }

    private static string HostPathOf(SafeFileHandle file) =>
        TreeFiles.ReadLink(file, $"/proc/self/fd/{file.DangerousGetHandle()}")
        ?? throw FileFailure.Of(Native.Error);

    private static FileEntry EntryOf(string path, FileStat stat) =>
        new(path, stat.Kind, stat.Size, stat.Permissions, stat.ModifiedOn);

    private sealed record PlacedRoot(SafeFileHandle Handle, string Path);
}
