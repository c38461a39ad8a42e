using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Reckons what a review shows: each path where the view differs from the workspace.</summary>
/// <remarks>
/// Of git's own folder only what another git would act upon is shown (heads, config, hooks, info), and it is
/// refused: an index or a loose object is no change of the work.
/// </remarks>
internal sealed class ViewDifference(WorkspaceView view)
{
    private static readonly string[] s_gitShown = ["HEAD", "packed-refs", "config", "refs", "hooks", "info", ".git"];

    public IReadOnlyList<Change> List(TreeState state)
    {
        var changes = new List<Change>();
        foreach (var change in Paths(state))
        {
            changes.Add(Of(change, areKept: false));
        }

        return changes;
    }

    /// <summary>A change whose contents before and after are both in the object store.</summary>
    public Change OfKept(ViewChange change) => Of(change, areKept: true);

    /// <summary>The same without texts.</summary>
    public IEnumerable<ViewChange> Paths(TreeState state)
    {
        var ignore = new GitIgnore(view.TryOpenAny);
        var tracked = new Lazy<IReadOnlySet<string>>(ReadIndex);
        var paths = state.Changes.Keys.Union(view.Rebase.Paths.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        foreach (var path in paths)
        {
            var after = state.Changes.TryGetValue(path, out var changed) ? changed : view.OriginalBase(path);
            var before = view.Rebase.Paths.TryGetValue(path, out var rebased)
                ? rebased.Base
                : view.OriginalBase(path);
            if (before == after || IsGitNoise(path))
            {
                continue;
            }

            var isDirectory = (after.Kind == NodeKind.Absent ? before : after).Kind == NodeKind.Directory;
            var isIgnored = ignore.IsIgnored(path, isDirectory) && !tracked.Value.Contains(path);
            yield return new ViewChange(path, before, after, isIgnored, IsRefused(path, after));
        }
    }

    private IReadOnlySet<string> ReadIndex()
    {
        using var index = view.TryOpenAny(".git/index");

        return GitIndex.TrackedPaths(index);
    }

    private bool IsRefused(string path, NodeState after)
    {
        var isOriginSetId = view.Manifest.Entries.TryGetValue(path, out var entry)
            && (entry.IsHidden || (entry.Origin.Kind == FileKind.Regular && (entry.Origin.Permissions & 0xC00) != 0));

        return isOriginSetId || after.Kind == NodeKind.Special || (after.Mode & 0xC00) != 0 || IsProtected(path);
    }

    // A repository's own data, and what a person trusts of the workspace: a policy that an agent changed would not be
    // trusted any more, and so would narrow nothing.
    private static bool IsProtected(string path) => path.Split('/').Any(part =>
        part.Equals(".git", StringComparison.OrdinalIgnoreCase)
        || part.Equals(".reeve", StringComparison.OrdinalIgnoreCase));

    private static bool IsGitNoise(string path)
    {
        var parts = path.Split('/');
        var at = Array.FindIndex(parts, part => part.Equals(".git", StringComparison.OrdinalIgnoreCase));

        return at >= 0
            && at + 1 < parts.Length
            && !s_gitShown.Contains(parts[at + 1], StringComparer.OrdinalIgnoreCase);
    }

    private Change Of(ViewChange change, bool areKept)
    {
        var diff = change.IsRefused ? default : DiffOf(change, areKept);

        return new Change(
            change.Path,
            change.Kind,
            change.IsIgnored,
            change.IsRefused,
            diff.Text ?? string.Empty,
            diff.Added,
            diff.Removed);
    }

    private (string? Text, int Added, int Removed) DiffOf(ViewChange change, bool areKept)
    {
        if (change.Kind == ChangeKind.ModeChanged)
        {
            return default;
        }

        var (before, isBeforeText) = TextOf(change.Path, change.Before, isInView: false);
        var (after, isAfterText) = TextOf(change.Path, change.After, isInView: !areKept);

        return isBeforeText && isAfterText ? UnifiedDiff.Of(change.Path, before, after) : default;
    }

    // Null is a file that is not there; false where it is no text or too long to show.
    private (string? Text, bool IsText) TextOf(string path, NodeState state, bool isInView)
    {
        if (state.Kind == NodeKind.Link)
        {
            return ($"link to {state.Content}\n", true);
        }

        if (state.Kind != NodeKind.File)
        {
            return (null, true);
        }

        if (state.Content == NodeState.Lost)
        {
            return (null, false);
        }

        using var source = isInView
            ? new ContentSource(view.OpenFile(path), 0, long.MaxValue)
            : view.OpenContent(path, state.Content);
        var text = ReadText(source.File, source.Offset, source.Count);

        return (text, text is not null);
    }

    private static string? ReadText(SafeFileHandle file, long offset, long count)
    {
        var length = Math.Min(count, RandomAccess.GetLength(file) - offset);
        if (length > ViewLimits.DiffFileBytesMax)
        {
            return null;
        }

        var bytes = new byte[length];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(done), offset + done) is var read and > 0)
        {
            done += read;
        }

        var text = bytes.AsSpan(0, done);

        return !text.Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(text)
            ? System.Text.Encoding.UTF8.GetString(text)
            : null;
    }
}
