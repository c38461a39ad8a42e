using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Tests.Unit.Fakes;

/// <summary>A workspace in memory, for what a tool does with the grant; the real grant has tests of its own.</summary>
internal sealed class MemoryFiles : IWorkspaceFiles
{
    public static readonly Label Label = Label.From(new SourceId("workspace"), new ReaderId("ada"));

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _denied = new(StringComparer.Ordinal);

    public string this[string path]
    {
        get => Encoding.UTF8.GetString(_files[path]);
        set => _files[path] = Encoding.UTF8.GetBytes(value);
    }

    public IEnumerable<string> Paths => _files.Keys;

    public void Add(string path, byte[] content) => _files[path] = content;

    public void Deny(string path) => _denied.Add(path);

    public Labeled<Stream> OpenRead(string pathInWorkspace) =>
        new(new MemoryStream(Find(pathInWorkspace), writable: false), Label);

    public Labeled<FileEntry> Stat(string pathInWorkspace)
    {
        var path = Check(pathInWorkspace);
        var isDirectory = path == "." || _files.Keys.Any(file => file.StartsWith(path + "/", StringComparison.Ordinal));

        return new Labeled<FileEntry>(
            isDirectory ? Entry(path, FileKind.Directory, 0) : Entry(path, FileKind.Regular, Find(path).Length),
            Label);
    }

    public Labeled<IReadOnlyList<FileEntry>> List(string pathInWorkspace, int entriesMax)
    {
        var path = Check(pathInWorkspace).TrimEnd('/');
        var prefix = path == "." ? string.Empty : path + "/";
        var entries = _files
            .Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(file => file.Key[prefix.Length..].Split('/')[0], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => _files.TryGetValue(prefix + group.Key, out var content)
                ? Entry(prefix + group.Key, FileKind.Regular, content.Length)
                : Entry(prefix + group.Key, FileKind.Directory, 0))
            .ToList();
        Problem.ThrowUnless(entries.Count > 0 || path == ".", "file.not_found", "There is no such directory.");
        Problem.ThrowUnless(entries.Count <= entriesMax, "directory.too_large", "The directory is too large.");

        return new Labeled<IReadOnlyList<FileEntry>>(entries, Label);
    }

    public Task WriteAsync(string pathInWorkspace, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _files[Check(pathInWorkspace)] = content.ToArray();

        return Task.CompletedTask;
    }

    public void Delete(string pathInWorkspace) =>
        Problem.ThrowUnless(_files.Remove(Check(pathInWorkspace)), "file.not_found", "There is no such file.");

    private byte[] Find(string path)
    {
        Problem.ThrowUnless(
            _files.TryGetValue(Check(path), out var content), "file.not_found", "There is no such file.");

        return content;
    }

    private string Check(string path)
    {
        var isInside = !path.StartsWith('/') && !path.Split('/').Contains("..", StringComparer.Ordinal);
        Problem.ThrowUnless(isInside, "path.outside_workspace", "The path leads outside the workspace.");
        Problem.ThrowUnless(!_denied.Contains(path), "path.denied", "A rule denies the path.");

        return path;
    }

    private static FileEntry Entry(string path, FileKind kind, long bytes) =>
        new(path, kind, bytes, Mode: 0x1A4, DateTimeOffset.UnixEpoch);
}
