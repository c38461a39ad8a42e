namespace Reeve.Tests.Architecture.Claims;

/// <summary>One line of docs/requirements-ids.txt: an identifier that never changes, and what it is about.</summary>
/// <param name="Missing">What of the requirement is not built, whatever tests there are; empty when nothing is
/// known to be.</param>
internal sealed record Requirement(string Id, string About, string Missing)
{
    public static IReadOnlyList<Requirement> All { get; } =
    [
        .. Repository.Read("docs/requirements-ids.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(" | ", 3))
            .Select(parts => new Requirement(
                parts[0].Trim(), parts[1].Trim(), parts.Length > 2 ? parts[2].Trim() : string.Empty)),
    ];
}
