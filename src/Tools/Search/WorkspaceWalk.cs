using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Tools.Files;

namespace Reeve.Tools.Search;

/// <summary>Visits the entries of a workspace in path order, within bounds, and joins the labels it meets.</summary>
/// <remarks>Links are named and never followed, so a walk cannot leave the workspace or run in circles.</remarks>
internal sealed class WorkspaceWalk(IWorkspaceFiles files, bool includeIgnored)
{
    public const int EntriesMax = 200_000;
    public const int EntriesInDirectoryMax = 50_000;
    public const int DepthMax = 64;
    public const int IgnoreFileBytesMax = 256 * 1024;

    private readonly IgnoreRules _ignored = new();
    private int _entries;

    /// <summary>Everything that was seen so far, joined.</summary>
    public Label Label { get; private set; } = Label.BuiltIn;

    /// <summary>True when a bound ended the walk before the tree did.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Entries a rule or the machine would not show.</summary>
    public int Unreadable { get; private set; }

    public void Join(Label label) => Label = Label.Join(label);

    /// <summary>The entries below a directory, each with its depth below it (1 is its own).</summary>
    public async IAsyncEnumerable<(FileEntry Entry, int Depth)> EntriesAsync(
        string directory,
        int depthMax,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<IEnumerator<FileEntry>>();
        open.Push(await EnterAsync(directory, isStart: true, cancellationToken));

        while (open.TryPeek(out var level))
        {
            cancellationToken.ThrowIfCancellationRequested();

            if (!level.MoveNext())
            {
                open.Pop().Dispose();
                continue;
            }

            var entry = level.Current;

            if (IsLeftOut(entry))
            {
                continue;
            }

            if (++_entries > EntriesMax)
            {
                IsCut = true;
                yield break;
            }

            yield return (entry, open.Count);

            if (entry.Kind == FileKind.Directory && open.Count < Math.Min(depthMax, DepthMax))
            {
                open.Push(await EnterAsync(entry.Path, isStart: false, cancellationToken));
            }
        }
    }

    private bool IsLeftOut(FileEntry entry)
    {
        var isGit = entry.Path == ".git" || entry.Path.EndsWith("/.git", StringComparison.Ordinal);

        return isGit || (!includeIgnored && _ignored.Ignores(entry.Path, entry.Kind == FileKind.Directory));
    }

    private async Task<IEnumerator<FileEntry>> EnterAsync(
        string directory, bool isStart, CancellationToken cancellationToken)
    {
        try
        {
            var listed = files.List(directory, EntriesInDirectoryMax);
            Join(listed.Label);
            await ReadIgnoreFileAsync(directory, listed.Value, cancellationToken);

            return listed.Value.GetEnumerator();
        }
        catch (ProblemException) when (!isStart)
        {
            // Below the start an unreadable directory is one entry less, and the answer says so.
            Unreadable++;

            return Enumerable.Empty<FileEntry>().GetEnumerator();
        }
    }

    private async Task ReadIgnoreFileAsync(
        string directory, IReadOnlyList<FileEntry> entries, CancellationToken cancellationToken)
    {
        var file = entries.FirstOrDefault(entry =>
            entry.Kind == FileKind.Regular
            && entry.Bytes <= IgnoreFileBytesMax
            && (entry.Path == ".gitignore" || entry.Path.EndsWith("/.gitignore", StringComparison.Ordinal)));

        if (includeIgnored || file is null)
        {
            return;
        }

        try
        {
            var read = await FileText.ReadAsync(files, file.Path, cancellationToken, IgnoreFileBytesMax);
            Join(read.Label);
            _ignored.Add(directory, read.Value.Span);
        }
        catch (ProblemException)
        {
            Unreadable++;
        }
    }
}
