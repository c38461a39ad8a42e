namespace Reeve.Doors.Repositories;

/// <summary>How much a run may bring into the user's repository.</summary>
/// <param name="ObjectsMax">Commits, trees and contents together.</param>
/// <param name="TotalBytesMax">Of all of them, as they are and not as they are packed.</param>
public sealed record ImportLimits(int ObjectsMax = 50_000, long TotalBytesMax = 1024L * 1024 * 1024)
{
    public static ImportLimits Default { get; } = new();
}
