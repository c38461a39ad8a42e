namespace Reeve.Doors.Views;

/// <summary>Finds what the user did to the workspace between the opening of a view and the making of its
/// tree.</summary>
internal static class Drift
{
    /// <summary>The paths that were changed, added or removed.</summary>
    public static IReadOnlySet<string> Between(
        IReadOnlyDictionary<string, ManifestEntry> opened, IReadOnlyList<ManifestEntry> copied)
    {
        var gone = opened.Keys.ToHashSet(StringComparer.Ordinal);
        var drifted = new HashSet<string>(StringComparer.Ordinal);

        foreach (var entry in copied)
        {
            gone.Remove(entry.Path);
            if (!opened.TryGetValue(entry.Path, out var before)
                || !ManifestEntry.IsSame(before.Origin, entry.Origin)
                || before.LinkTarget != entry.LinkTarget)
            {
                drifted.Add(entry.Path);
            }
        }

        drifted.UnionWith(gone);

        return drifted;
    }
}
