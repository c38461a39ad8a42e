namespace Reeve.Kernel.Views;

/// <summary>One difference between a view and the workspace it was made from.</summary>
/// <param name="Path">Relative to the workspace.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="IsIgnored">Matched by .gitignore: shown, and applied only when asked for.</param>
/// <param name="IsRefused">A device, pipe, socket or set-id file: shown, never applied.</param>
/// <param name="UnifiedDiff">Text of the difference; empty for binary files, modes and directories.</param>
public sealed record Change(
    string Path,
    ChangeKind Kind,
    bool IsIgnored,
    bool IsRefused,
    string UnifiedDiff,
    int LinesAdded,
    int LinesRemoved);

public enum ChangeKind
{
    Modified = 0,
    Added,
    Deleted,
    ModeChanged,
    TypeChanged,
}
