using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Sdk;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>Runs in a world where everything fails, each reproducible by its number.</summary>
public sealed class SeedTests
{
    private const int ShortDose = 40, WholeDose = 1_000, ParallelMax = 4;

    /// <summary>A part of the whole dose is one test, so that none comes near the limit of a test.</summary>
    private const int PartSize = 100;

    /// <summary>Real time after which a seed counts as hanging; the usual one takes a tenth of a second.</summary>
    private static readonly TimeSpan s_seedMax = TimeSpan.FromSeconds(40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "RUN-4")]
    [Trait("Req", "RUN-5")]
    [Trait("Req", "RUN-7")]
    [Trait("Req", "RUN-9")]
    [Trait("Req", "RUN-12")]
    [Trait("Req", "GATE-7")]
    [Trait("Req", "BUDGET-1")]
    [Trait("Req", "FLOW-1")]
    [Trait("Req", "QUAL-5")]
    public Task Whatever_goes_wrong_the_laws_hold() => LiveAsync(1, ShortDose);

    [Theory(Explicit = true)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task A_thousand_seeds(int part)
    {
        if (Environment.GetEnvironmentVariable("REEVE_SEED") is { Length: > 0 } text)
        {
            // One was asked for by its number: it is told by the first part, the others have nothing to do.
            if (part == 0)
            {
                await TellAsync(int.Parse(text, CultureInfo.InvariantCulture));
            }

            return;
        }

        Assert.Equal(WholeDose, PartSize * 10);
        var began = Stopwatch.GetTimestamp();
        await LiveAsync((part * PartSize) + 1, PartSize);
        Console.Out.WriteLine(
            $"seeds {(part * PartSize) + 1} to {(part + 1) * PartSize} hold ({Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s)");
    }

    private static async Task LiveAsync(int first, int count)
    {
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelMax, CancellationToken = Stop },
            async (number, _) =>
            {
                if (await FailureOfAsync(number, story: null) is { } failure)
                {
                    failures.Add($"seed {number}: {failure.GetType().Name} {failure.Message}\n{failure.StackTrace}");
                }
            });

        Assert.True(failures.IsEmpty, $"./do simulate NUMBER tells the story.\n{string.Join("\n", failures.Order())}");
    }

    private static async Task TellAsync(int number)
    {
        var story = new List<string>();
        var failure = await FailureOfAsync(number, story);
        Console.Out.WriteLine(string.Join('\n', story));
        Console.Out.WriteLine(failure is null ? $"seed {number} holds" : $"seed {number} fails: {failure}");
        Assert.Null(failure);
    }

    // Whatever it is, it belongs to the seed that is named.
    private static async Task<Exception?> FailureOfAsync(int number, List<string>? story)
    {
        await using var seed = new SeedRun(number);

        try
        {
            var (state, life, run) = await seed.LiveAsync(Stop).WaitAsync(s_seedMax, Stop);
            await using (life)
            {
                await SeedLaws.CheckAsync(seed, state, life, run, Stop);
            }

            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !Stop.IsCancellationRequested)
        {
            return failure;
        }
        finally
        {
            story?.Add($"plan: {seed.Plan}; crashes: {string.Join(", ", seed.Plan.Crashes)}");
            story?.AddRange(seed.Story);
        }
    }
}
