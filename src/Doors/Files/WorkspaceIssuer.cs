using Reeve.Authority.Labels;

namespace Reeve.Doors.Files;

/// <summary>Mints the file grants of one workspace view. Composition holds it; a tool never does.</summary>
public sealed class WorkspaceIssuer
{
    private readonly Func<TreeRoot> _root;
    private readonly (uint User, uint Group)? _owner;
    private readonly Label _label;

    /// <param name="directory">A directory of the host; each grant opens it once, when it is issued.</param>
    /// <param name="label">What everything read from it is labelled with.</param>
    public WorkspaceIssuer(string directory, Label label)
        : this(() => TreeRoot.Of(Beneath.OpenRoot(directory)), owner: null, label)
    {
    }

    internal WorkspaceIssuer(Func<TreeRoot> root, (uint User, uint Group)? owner, Label label)
    {
        _root = root;
        _owner = owner;
        _label = label;
    }

    /// <summary>Opens the workspace as far as the mandate goes; the run's supervisor disposes it.</summary>
    public WorkspaceFiles Issue(bool canChange, IPathRules? rules = null, FileLimits? limits = null) =>
        new(_root(), _owner, _label, canChange, rules, limits ?? FileLimits.Default);
}
