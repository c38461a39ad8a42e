namespace Reeve.Doors.Files;

/// <summary>The rules on a folder beside the workspace: what is hidden by its path in the workspace is hidden at the
/// same path there, and a rule may name the folder too.</summary>
public sealed class FolderPathRules(string root, IPathRules rules) : IPathRules
{
    public bool Allows(string pathInWorkspace, FileAccessKind access) =>
        rules.Allows(pathInWorkspace, access)
        && rules.Allows(pathInWorkspace == "." ? root : $"{root}/{pathInWorkspace}", access);
}
