using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>Makes the view of a run, or opens again the one that its directory already holds.</summary>
public sealed class WorkspaceViews(TimeProvider time, ViewLimits? limits = null)
{
    private readonly ViewLimits _limits = limits ?? ViewLimits.Default;
    private readonly ViewChoice _choice = new();

    /// <summary>Opens the view in a directory; where none was finished there, makes one of the workspace.</summary>
    /// <param name="viewDirectory">Below the run's own directory. Made where it is missing.</param>
    /// <param name="workspaceDirectory">The user's tree: neither <c>/</c> nor a home directory.</param>
    /// <param name="runUser">As root: the uid of the run, who will own the view. Else null.</param>
    /// <exception cref="ProblemException">
    /// <c>workspace.refused</c>, <c>workspace.not_found</c>, <c>workspace.too_large</c>, <c>workspace.busy</c>,
    /// <c>view.no_reflink</c>, <c>view.no_overlay</c>, <c>disk.full</c>.
    /// </exception>
    public Task<WorkspaceView> OpenAsync(
        string viewDirectory,
        string workspaceDirectory,
        uint? runUser,
        ViewPreference preference,
        CancellationToken cancellationToken) =>
        Task.Run(() => Open(viewDirectory, workspaceDirectory, runUser, preference), cancellationToken);

    /// <summary>Opens a finished view from its directory alone; <c>view.not_found</c> where there is none.</summary>
    public Task<WorkspaceView> ReopenAsync(string viewDirectory, CancellationToken cancellationToken) =>
        Task.Run(
            () => TryReopen(viewDirectory) ?? throw new ProblemException(
                new Problem("view.not_found", "This run has no view of a workspace; it may have been discarded.")),
            cancellationToken);

    /// <summary>Opens a finished view from its directory alone; null where there is none.</summary>
    public Task<WorkspaceView?> TryReopenAsync(string viewDirectory, CancellationToken cancellationToken) =>
        HasManifest(viewDirectory)
            ? Task.Run(() => TryReopen(viewDirectory), cancellationToken)
            : Task.FromResult<WorkspaceView?>(null);

    /// <summary>Brings the files of a checkpoint of one view into another that was just opened, durably.</summary>
    /// <param name="later">Views of runs that went on after the first, oldest first: what they applied is not the
    /// user's own doing.</param>
    /// <returns>What the other has now.</returns>
    /// <exception cref="ProblemException"><c>view.checkpoint_unknown</c>, <c>view.base_lost</c>.</exception>
    public static async Task<TreeDigest> ForkAsync(
        WorkspaceView parent,
        TreeDigest checkpoint,
        IReadOnlyList<WorkspaceView> later,
        WorkspaceView child,
        CancellationToken cancellationToken)
    {
        await Task.Run(() => new ViewFork(parent, later, child).Bring(checkpoint), cancellationToken);

        return await child.CheckpointAsync(cancellationToken);
    }

    /// <summary>True where a view directory holds a view, whole or not.</summary>
    public static bool Exists(string viewDirectory) => Directory.Exists(viewDirectory);

    /// <summary>Refuses a folder that no view is ever made of, before anything is recorded.</summary>
    /// <exception cref="Authority.ProblemException"><c>workspace.not_found</c>, <c>workspace.refused</c>.</exception>
    public static void ThrowUnlessUsable(string workspaceDirectory, string dataDirectory) =>
        WorkspaceChoice.Check(workspaceDirectory, dataDirectory);

    /// <summary>Removes a view with all that was not applied, and the journal of what was.</summary>
    public static Task DiscardAsync(string viewDirectory, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(viewDirectory));
                using var parent = Beneath.OpenRoot(Path.GetDirectoryName(full)!);
                TreeFiles.DeleteAll(parent, Path.GetFileName(full));
            },
            cancellationToken);

    private WorkspaceView Open(
        string viewDirectory, string workspaceDirectory, uint? runUser, ViewPreference preference)
    {
        if (TryReopen(viewDirectory) is { } present)
        {
            return present;
        }

        var workspace = WorkspaceChoice.Check(workspaceDirectory, viewDirectory);
        var full = Path.GetFullPath(viewDirectory);
        var directory = ViewDirectory.Create(full, isPassable: runUser is not null);
        try
        {
            using var source = Beneath.OpenRoot(workspace);
            var scan = WorkspaceScan.Of(source, _limits);
            var (kind, isKnown) = _choice.Choose(preference, scan, source, directory.Handle, runUser);
            if (kind != ViewKind.Overlay)
            {
                return CopyView.Create(directory, kind, workspace, runUser, scan, _limits, time);
            }

            if (preference == ViewPreference.Overlay)
            {
                return OverlayView.Create(directory, workspace, runUser, scan, isKnown, time);
            }

            return (WorkspaceView?)TryOverlay(directory, workspace, runUser, scan, source, isKnown)
                ?? CopyView.Create(
                    ViewDirectory.Create(full, isPassable: runUser is not null),
                    ViewKind.Copy, workspace, runUser, scan, _limits, time);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    // What cannot be mounted here is not tried again by this process.
    private OverlayView? TryOverlay(
        ViewDirectory directory,
        string workspace,
        uint? runUser,
        WorkspaceScan scan,
        SafeFileHandle source,
        bool isKnown)
    {
        try
        {
            var view = OverlayView.Create(directory, workspace, runUser, scan, isKnown, time);
            _choice.Remember(source, view.Store.Handle, canOverlay: true);

            return view;
        }
        catch (ProblemException refusal) when (refusal.Problem.Code == "view.no_overlay")
        {
            using var again = Beneath.OpenRoot(Path.GetFullPath(directory.FullPath));
            _choice.Remember(source, again, canOverlay: false);

            return null;
        }
    }

    private static bool HasManifest(string viewDirectory) =>
        File.Exists(Path.Join(viewDirectory, Manifest.FileName));

    private WorkspaceView? TryReopen(string viewDirectory)
    {
        if (!HasManifest(viewDirectory))
        {
            return null;
        }

        var directory = ViewDirectory.Open(Path.GetFullPath(viewDirectory));
        try
        {
            if (Manifest.TryRead(directory.Handle) is { } manifest)
            {
                return manifest.Kind == ViewKind.Overlay
                    ? OverlayView.Reopen(directory, manifest, time)
                    : CopyView.Reopen(directory, manifest, _limits, time);
            }
        }
        catch
        {
            directory.Dispose();
            throw;
        }

        directory.Dispose();

        return null;
    }
}
