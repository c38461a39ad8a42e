using Xunit;

namespace Reeve.Tests.Architecture;

/// <summary>Lists that people approve: one entry a line, with its reason after the last " : ".</summary>
/// <remarks>A list is exact. What is found and not listed fails, and so does what is listed and no longer
/// found.</remarks>
internal static class Approved
{
    private const string Separator = " : ";

    public static void MatchesExactly(string list, IEnumerable<string> found) =>
        Compare(list, Entries(list), found);

    /// <summary>Compares findings of one rule with the exceptions granted to it.</summary>
    public static void ExceptionsMatch(string rule, IEnumerable<string> found)
    {
        const string List = "Exceptions.approved.txt";
        var granted = Entries(List)
            .Where(entry => entry.StartsWith(rule + Separator, StringComparison.Ordinal))
            .Select(entry => entry[(rule.Length + Separator.Length)..]);

        Compare($"{List} ({rule})", granted, found);
    }

    public static IReadOnlyList<string> Entries(string list)
    {
        var lines = Repository.Read($"tests/Architecture/{list}").Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .ToList();
        Assert.All(lines, line => Assert.True(ReasonOf(line).Length >= 10, $"{list}: no reason in \"{line}\""));

        return [.. lines.Select(line => line[..line.LastIndexOf(Separator, StringComparison.Ordinal)])];
    }

    /// <summary>A list of debts, one a line without a reason: it may only shrink, which <c>./do docs</c>
    /// does.</summary>
    public static void ShrinksTo(string list, IReadOnlyList<string> found)
    {
        var path = $"tests/Architecture/{list}";
        var lines = Repository.Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var owed = lines.Where(line => !line.StartsWith('#')).ToList();
        if (Repository.IsRewriting)
        {
            owed =
            [
                .. found.Distinct(StringComparer.Ordinal)
                    .Where(entry => Repository.IsAcceptingDebt || owed.Contains(entry)),
            ];
            var page = lines.Where(line => line.StartsWith('#')).Concat(owed.Order(StringComparer.Ordinal));
            Repository.Write(path, string.Join('\n', page) + "\n");
        }

        Compare(list, owed, found);
    }

    private static string ReasonOf(string line)
    {
        var end = line.LastIndexOf(Separator, StringComparison.Ordinal);

        return end < 0 ? "" : line[(end + Separator.Length)..];
    }

    private static void Compare(string list, IEnumerable<string> listed, IEnumerable<string> found)
    {
        var approved = listed.ToHashSet(StringComparer.Ordinal);
        var seen = found.ToHashSet(StringComparer.Ordinal);
        var complaints = seen.Except(approved).Select(entry => $"found, not approved: {entry}")
            .Concat(approved.Except(seen).Select(entry => $"approved, no longer found: {entry}"))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(complaints.Count == 0, $"{list}\n{string.Join('\n', complaints)}");
    }
}
