using Reeve.Doors.Repositories;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>What of a view is in the user's tree by its applies, as far as none was taken back.</summary>
/// <param name="Changes">In path order, each from what was there before the first to what the last brought.</param>
/// <param name="Branch">The branch that holds commits of the run; null where there is none.</param>
public sealed record AppliedChanges(IReadOnlyList<Change> Changes, BranchChange? Branch)
{
    public static AppliedChanges None { get; } = new([], null);

    internal static AppliedChanges Of(WorkspaceView view)
    {
        if (HasNone(view))
        {
            return None;
        }

        using var journal = new ApplyJournal(view.Store);
        var changes = new SortedDictionary<string, ViewChange>(StringComparer.Ordinal);
        BranchChange? branch = null;
        foreach (var plan in journal.Applied)
        {
            branch = plan.Branch ?? branch;
            foreach (var operation in plan.Operations)
            {
                var before = changes.TryGetValue(operation.Path, out var earlier)
                    ? earlier.Before : operation.ViewBefore;
                changes[operation.Path] = new ViewChange(
                    operation.Path, before, operation.ViewAfter, IsIgnored: false, IsRefused: false);
            }
        }

        var difference = new ViewDifference(view);

        return new AppliedChanges(
            [.. changes.Values.Where(change => change.Before != change.After).Select(difference.OfKept)], branch);
    }

    private static bool HasNone(WorkspaceView view) =>
        Files.TreeFiles.Stat(view.Store.Handle, ViewDirectory.ApplyName) is null;
}
