using Reeve.Doors.Repositories;

namespace Reeve.Doors.Views;

/// <summary>What of a reviewed difference goes into the user's tree.</summary>
/// <param name="IncludesIgnored">Also what .gitignore excludes.</param>
/// <param name="Branch">The name under which commits of the run arrive; null leaves them in the view.</param>
public sealed record ApplyOptions(bool IncludesIgnored = false, string? Branch = null)
{
    /// <summary>How many commits and contents may arrive.</summary>
    public ImportLimits Import { get; init; } = ImportLimits.Default;
}
