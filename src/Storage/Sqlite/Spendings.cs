using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>The spending of all runs, by day, and the ceilings that all of them share.</summary>
/// <remarks>One transaction compares and charges, and only one at a time writes: no two runs get the same
/// cent.</remarks>
internal static class Spendings
{
    private const int PartsCount = 6;
    private const decimal NanoPerDollar = 1_000_000_000m;

    public static SharedLevel? Charge(Database database, Spending spending)
    {
        var rows = RowsOf(database, spending);
        var known = rows.Aggregate(new long[PartsCount], (sum, row) => Sum(sum, row.Parts));
        var change = PartsOf(spending.Total).Zip(known, (now, before) => now - before).ToArray();

        if (spending.Ceilings is { } ceilings && Exceeded(database, spending, change, ceilings) is { } level)
        {
            return level;
        }

        foreach (var (day, parts) in Changed(rows, change, spending.Day.DayNumber))
        {
            var set = database.Ask(Question.SetSpending).Bind(spending.Run).Bind(day).Bind(spending.Person);
            database.Do(parts.Aggregate(set, (statement, part) => statement.Bind(part)));
        }

        return null;
    }

    private static SharedLevel? Exceeded(
        Database database, Spending spending, long[] change, SharedCeilings ceilings)
    {
        var (tenant, day) = (spending.Run.Tenant.Name, spending.Day.DayNumber);

        if (ceilings.OfPerson is { } ofPerson && IsOver(
            database.Ask(Question.SpentOfPerson).Bind(tenant).Bind(day).Bind(spending.Person), change, ofPerson))
        {
            return SharedLevel.Person;
        }

        return ceilings.OfTenant is { } ofTenant && IsOver(
            database.Ask(Question.SpentOfTenant).Bind(tenant).Bind(day), change, ofTenant)
            ? SharedLevel.Tenant : null;
    }

    // What is given back is no reason to refuse anything, however much was spent.
    private static bool IsOver(Statement question, long[] change, Cost ceiling)
    {
        using var row = question;
        row.Next();
        var limits = PartsOf(ceiling);

        return Enumerable.Range(0, PartsCount).Any(
            part => change[part] > 0 && row.Number(part) > limits[part] - change[part]);
    }

    /// <summary>An increase goes to today; a decrease goes back to the days that were charged, the latest
    /// first.</summary>
    private static Dictionary<long, long[]> Changed(List<(long Day, long[] Parts)> rows, long[] change, long today)
    {
        var changed = new Dictionary<long, long[]>();

        foreach (var (day, parts) in rows)
        {
            changed[day] = [.. parts];
        }

        var ofToday = changed.TryGetValue(today, out var known) ? known : changed[today] = new long[PartsCount];

        for (var part = 0; part < PartsCount; part++)
        {
            ofToday[part] += Math.Max(change[part], 0);
            var back = Math.Max(-change[part], 0);

            foreach (var (day, _) in rows.Where(_ => back > 0))
            {
                var taken = Math.Min(back, changed[day][part]);
                changed[day][part] -= taken;
                back -= taken;
            }
        }

        return changed;
    }

    private static List<(long Day, long[] Parts)> RowsOf(Database database, Spending spending)
    {
        using var row = database.Ask(Question.SpentOfRun).Bind(spending.Run);
        var rows = new List<(long, long[])>();

        while (row.Next())
        {
            rows.Add((row.Number(PartsCount), [.. Enumerable.Range(0, PartsCount).Select(row.Number)]));
        }

        return rows;
    }

    private static long[] Sum(long[] left, long[] right) => [.. left.Zip(right, (one, other) => one + other)];

    // A part of a billionth is rounded up: what is recorded is never less than what was spent.
    private static long[] PartsOf(Cost cost) =>
    [
        (long)Math.Ceiling(cost.Dollars * NanoPerDollar), cost.InputTokens, cost.OutputTokens, cost.ToolCalls,
        cost.EgressBytes, cost.Processes,
    ];
}
