using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>One path where view and workspace differ: what the workspace has and what the view has.</summary>
internal readonly record struct ViewChange(
    string Path, NodeState Before, NodeState After, bool IsIgnored, bool IsRefused)
{
    public ChangeKind Kind => (Before, After) switch
    {
        ({ Kind: NodeKind.Absent }, _) => ChangeKind.Added,
        (_, { Kind: NodeKind.Absent }) => ChangeKind.Deleted,
        _ when Before.Kind != After.Kind => ChangeKind.TypeChanged,
        _ when Before.Content != After.Content => ChangeKind.Modified,
        _ => ChangeKind.ModeChanged,
    };
}
