namespace Reeve.Doors.Processes;

/// <summary>One path of the workspace that a sandbox shows otherwise than the tree has it.</summary>
/// <param name="Path">Relative to the workspace, links resolved.</param>
public sealed record SandboxMask(SandboxMaskKind Kind, string Path)
{
    /// <summary>How many one sandbox can have; each is a mount of its own.</summary>
    public const int CountMax = 2_048;
}

/// <summary>What stands in the place of a path.</summary>
public enum SandboxMaskKind
{
    /// <summary>The folder itself, kept from being renamed: a rule names what lies in it by its path.</summary>
    Pinned = 0,

    /// <summary>A file that cannot be opened.</summary>
    File,

    /// <summary>An empty folder.</summary>
    Directory,
}
