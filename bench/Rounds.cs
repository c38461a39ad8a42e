namespace Reeve.Bench;

/// <summary>Something that is measured, in microseconds for each operation.</summary>
internal sealed record Contender(string Name, Func<Task<double>> MeasureAsync);

/// <summary>Measures several things in turn, so that a slow minute of the machine hits all of them.</summary>
internal static class Rounds
{
    public const int Count = 5;

    /// <summary>The median of each, after one round that warms up and does not count.</summary>
    public static Task<double[]> MediansAsync(params Contender[] contenders) => MediansAsync(1, Count, contenders);

    /// <param name="warming">Rounds that do not count, until the compiler has seen what is hot.</param>
    public static async Task<double[]> MediansAsync(int warming, int rounds, params Contender[] contenders)
    {
        var measured = contenders.Select(_ => new List<double>()).ToArray();

        for (var round = 0; round < warming + rounds; round++)
        {
            for (var place = 0; place < contenders.Length; place++)
            {
                var figure = await contenders[place].MeasureAsync();

                if (round >= warming)
                {
                    measured[place].Add(figure);
                }
            }
        }

        return [.. measured.Select(figures => figures.Order().ElementAt(rounds / 2))];
    }

    /// <summary>Takes turns after every operation: all durations of each, sorted, without those that warm up.</summary>
    public static async Task<double[][]> TurnsAsync(int count, params Func<Task>[] contenders)
    {
        var measured = contenders.Select(_ => new List<double>(count)).ToArray();

        for (var turn = 0; turn < count + (count / 10); turn++)
        {
            for (var place = 0; place < contenders.Length; place++)
            {
                var figure = await MicrosecondsEachAsync(1, contenders[place]);

                if (turn >= count / 10)
                {
                    measured[place].Add(figure);
                }
            }
        }

        return [.. measured.Select(figures => figures.Order().ToArray())];
    }

    public static async Task<double> MicrosecondsEachAsync(int operations, Func<Task> act)
    {
        var start = TimeProvider.System.GetTimestamp();
        await act();

        return TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / operations;
    }

    public static void Judge(string what, double ratio, double goal, bool isMost)
    {
        var isMet = isMost ? ratio <= goal : ratio >= goal;
        var bound = isMost ? "≤" : "≥";
        Console.WriteLine($"  {what}: {ratio:0.00} (goal {bound} {goal:0.0#}) {(isMet ? "met" : "MISSED")}");
    }
}
