namespace Reeve.Doors.Views;

/// <summary>What of a reviewed difference goes into the user's tree.</summary>
/// <param name="IncludesIgnored">Also what .gitignore excludes.</param>
public sealed record ApplyOptions(bool IncludesIgnored = false);
