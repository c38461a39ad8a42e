using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to use the files of one workspace view, and nothing outside it.</summary>
/// <remarks>
/// Paths are relative to the workspace, with <c>/</c> between parts, and are resolved by the kernel of the
/// machine from an open directory in the same step that opens them: a path that leads outside is refused, also
/// when it is swapped meanwhile. Reading follows a link that stays inside. What changes the workspace never acts
/// on a link. Everything read comes labelled, because a tool that had to fetch the label would forget to.
/// Every member throws <see cref="ProblemException"/> with one of <c>path.outside_workspace</c>,
/// <c>path.link_refused</c>, <c>path.invalid</c>, <c>path.denied</c> (a rule), <c>file.not_found</c>,
/// <c>file.not_regular</c>, <c>file.too_large</c>, <c>file.unavailable</c>, <c>disk.full</c>; members that change
/// something also <c>grant.read_only</c>.
/// </remarks>
public interface IWorkspaceFiles : IGrant
{
    /// <summary>Opens a regular file for reading; the caller disposes it. The stream can seek.</summary>
    Labeled<Stream> OpenRead(string pathInWorkspace);

    /// <summary>The kind, size and mode of an entry; a link that stays inside is followed.</summary>
    Labeled<FileEntry> Stat(string pathInWorkspace);

    /// <summary>The entries of one directory in ordinal order, links named as links and not followed.</summary>
    /// <param name="pathInWorkspace"><c>.</c> is the workspace itself.</param>
    /// <param name="entriesMax">One more is <c>directory.too_large</c>.</param>
    Labeled<IReadOnlyList<FileEntry>> List(string pathInWorkspace, int entriesMax);

    /// <summary>
    /// Replaces or creates a regular file, atomically and durably: temporary file beside it, fsync of file and
    /// directory, rename. Missing directories are created. The mode of a replaced file is kept.
    /// </summary>
    Task WriteAsync(string pathInWorkspace, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes a file, or a directory with all that is in it; never acts through a link.</summary>
    void Delete(string pathInWorkspace);
}
