using Reeve.Authority;
using Reeve.Doors.Repositories;

namespace Reeve.Doors.Views;

/// <summary>What apply or undo did. With conflicts nothing was written at all.</summary>
/// <param name="Number">Of the transaction; zero where there was none.</param>
/// <param name="Written">Paths of the user's tree that were changed, in path order.</param>
/// <param name="LeftOut">Changed paths that were not applied: ignored, refused, or below one of these.</param>
/// <param name="Conflicts">Paths that the user has changed meanwhile.</param>
public sealed record ApplyOutcome(
    ApplyStatus Status,
    int Number,
    IReadOnlyList<string> Written,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Conflicts)
{
    /// <summary>The branch that was moved; null where none was.</summary>
    public BranchChange? Branch { get; init; }

    /// <summary>Why commits of the run were not brought, or the branch not taken back; null where nothing was
    /// refused.</summary>
    public Problem? BranchRefusal { get; init; }
}
