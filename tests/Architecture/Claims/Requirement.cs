namespace Reeve.Tests.Architecture.Claims;

/// <summary>One line of docs/requirements-ids.txt: an identifier that never changes, and what it is about.</summary>
internal sealed record Requirement(string Id, string About)
{
    public static IReadOnlyList<Requirement> All { get; } =
    [
        .. Repository.Read("docs/requirements-ids.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(" | ", 2))
            .Select(parts => new Requirement(parts[0].Trim(), parts[1].Trim())),
    ];
}
