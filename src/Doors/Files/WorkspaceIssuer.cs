using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Labels;

namespace Reeve.Doors.Files;

/// <summary>Mints the file grants of one workspace view. Composition holds it; a tool never does.</summary>
public sealed class WorkspaceIssuer
{
    private readonly SafeFileHandle _root;
    private readonly (uint User, uint Group)? _owner;
    private readonly Label _label;

    /// <param name="directory">A directory of the host, opened now; its name is not used again.</param>
    /// <param name="label">What everything read from it is labelled with.</param>
    public WorkspaceIssuer(string directory, Label label)
        : this(Beneath.OpenRoot(directory), owner: null, label)
    {
    }

    internal WorkspaceIssuer(SafeFileHandle root, (uint User, uint Group)? owner, Label label)
    {
        _root = root;
        _owner = owner;
        _label = label;
    }

    /// <summary>Opens the workspace as far as the mandate goes; the run's supervisor disposes it.</summary>
    public WorkspaceFiles Issue(bool canChange, IPathRules? rules = null, FileLimits? limits = null)
    {
        var root = Beneath.Open(_root, ".", Native.OpenPath | Native.OpenDirectory, followLinks: false);

        return new WorkspaceFiles(root, _owner, _label, canChange, rules, limits ?? FileLimits.Default);
    }
}
