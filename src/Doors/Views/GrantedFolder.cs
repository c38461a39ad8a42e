using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;

namespace Reeve.Doors.Views;

/// <summary>A folder beside the workspace, open for one run: for its file tools and for its commands.</summary>
public sealed class GrantedFolder : IDisposable
{
    private readonly SafeFileHandle _directory;

    private GrantedFolder(FolderGrant grant, SafeFileHandle directory)
    {
        Grant = grant;
        _directory = directory;
        Label = Label.Of([new SourceId($"folder:{grant.Name}")], null);
    }

    public FolderGrant Grant { get; }

    /// <summary>Of all that is read from it.</summary>
    public Label Label { get; }

    /// <exception cref="Authority.ProblemException"><c>folder.not_found</c></exception>
    public static GrantedFolder Open(FolderGrant grant) => new(grant, FolderChoice.Open(grant));

    /// <summary>The right to read it; whoever takes it disposes it.</summary>
    public WorkspaceFiles Files(IPathRules rules) => new WorkspaceIssuer(
        () => TreeRoot.Of(FolderChoice.Open(Grant)), owner: null, Label)
        .Issue(canChange: false, new FolderPathRules(Grant.Root, rules));

    /// <summary>The files of a workspace and of the folders beside it, in one grant.</summary>
    /// <param name="workspace">What every other path means.</param>
    /// <param name="folders">By the first part of their paths.</param>
    public static IWorkspaceFiles Beside(
        WorkspaceFiles workspace, IReadOnlyDictionary<string, WorkspaceFiles> folders) => new FolderFiles(
            workspace, folders.ToDictionary(known => known.Key, IWorkspaceFiles (known) => known.Value));

    /// <summary>As commands see it: without what may not be read, and without pipes, sockets and devices, which can
    /// be written to where a file cannot.</summary>
    public SandboxFolder Bind(Func<string, bool> isReadable) =>
        new($"{FolderGrant.Mount}/{Grant.Name}", Grant.Directory)
        {
            Masks = () => HiddenPaths.FindIn(
                _directory, path => isReadable(path) && isReadable($"{Grant.Root}/{path}")),
        };

    public void Dispose() => _directory.Dispose();
}
