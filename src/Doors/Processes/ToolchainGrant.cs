namespace Reeve.Doors.Processes;

/// <summary>A folder of the host that commands may read and run from, shown to the person before it is lent.</summary>
/// <param name="Name">What it is, as <c>python</c> or <c>nuget</c>.</param>
/// <param name="Directory">Bound read-only at this very path.</param>
/// <param name="Why">What made the workspace need it, as <c>pyproject.toml</c>.</param>
public sealed record ToolchainGrant(string Name, string Directory, string Why)
{
    /// <summary>Folders below <see cref="Directory"/> that go in front of PATH.</summary>
    public IReadOnlyList<string> SearchPaths { get; init; } = [];

    /// <summary>Files below <see cref="Directory"/> that hold credentials: they read as empty.</summary>
    public IReadOnlyList<string> MaskedFiles { get; init; } = [];

    /// <summary>Variables that tools need to find it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public override string ToString() =>
        $"{Name}|{Directory}|{string.Join(':', SearchPaths)}|{string.Join(':', MaskedFiles)}|" +
        string.Join(':', Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal));
}
