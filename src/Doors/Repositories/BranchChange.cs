namespace Reeve.Doors.Repositories;

/// <summary>A branch of the user's repository that an apply or an undo moves.</summary>
/// <param name="Name">Without <c>refs/heads/</c>.</param>
/// <param name="From">The commit it was on; null where it was not there.</param>
/// <param name="To">The commit it is on afterwards; null where it is gone.</param>
public sealed record BranchChange(string Name, string? From, string? To);
