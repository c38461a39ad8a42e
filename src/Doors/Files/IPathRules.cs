namespace Reeve.Doors.Files;

/// <summary>The rules of a mandate on paths, asked before and, where a link was followed, after opening.</summary>
public interface IPathRules
{
    /// <param name="pathInWorkspace">Normal form: no <c>.</c> parts, no doubled <c>/</c>; <c>.</c> is the
    /// workspace.</param>
    /// <param name="access">What is about to be done.</param>
    bool Allows(string pathInWorkspace, FileAccessKind access);
}

/// <summary>What a file grant is about to do.</summary>
public enum FileAccessKind
{
    Read = 0,
    List,
    Write,
    Delete,
}
