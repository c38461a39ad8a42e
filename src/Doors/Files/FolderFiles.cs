using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Files;

/// <summary>A workspace, and beside it folders that can only be read, as <c>@name/path</c>.</summary>
/// <remarks>
/// Each folder is an open directory of its own with the same resolution beneath it, so nothing leads from one to
/// another or to the workspace. What is read carries the label of the folder it came from.
/// </remarks>
internal sealed class FolderFiles(
    IWorkspaceFiles workspace, IReadOnlyDictionary<string, IWorkspaceFiles> folders) : IWorkspaceFiles
{
    public Labeled<Stream> OpenRead(string pathInWorkspace)
    {
        var (files, path, _) = Find(pathInWorkspace);
        return files.OpenRead(path);
    }

    public Labeled<FileEntry> Stat(string pathInWorkspace)
    {
        var (files, path, root) = Find(pathInWorkspace);
        var (entry, label) = files.Stat(path);
        return new Labeled<FileEntry>(Below(root, entry), label);
    }

    public Labeled<IReadOnlyList<FileEntry>> List(string pathInWorkspace, int entriesMax)
    {
        var (files, path, root) = Find(pathInWorkspace);
        var (entries, label) = files.List(path, entriesMax);
        return new Labeled<IReadOnlyList<FileEntry>>([.. entries.Select(entry => Below(root, entry))], label);
    }

    public Task WriteAsync(
        string pathInWorkspace, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var (files, path, _) = Find(pathInWorkspace);
        return files.WriteAsync(path, content, cancellationToken);
    }

    public void Delete(string pathInWorkspace)
    {
        var (files, path, _) = Find(pathInWorkspace);
        files.Delete(path);
    }

    private (IWorkspaceFiles Files, string Path, string Root) Find(string pathInWorkspace)
    {
        var path = WorkspacePath.Parse(pathInWorkspace).Text;
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var root = slash < 0 ? path : path[..slash];

        return folders.TryGetValue(root, out var folder)
            ? (folder, slash < 0 ? "." : path[(slash + 1)..], root) : (workspace, path, "");
    }

    private static FileEntry Below(string root, FileEntry entry) => root.Length == 0
        ? entry : entry with { Path = entry.Path == "." ? root : $"{root}/{entry.Path}" };
}
