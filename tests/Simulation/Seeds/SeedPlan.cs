using Reeve.Kernel.Budgets;
using Reeve.Kernel.Runs;
using Reeve.Tests.Simulation.World;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>Everything that will go wrong in one run, drawn from its number.</summary>
public sealed record SeedPlan(
    int Seed,
    int Turns,
    double FaultRate,
    bool HasSandbox,
    bool CanAsk,
    RunLimits Limits,
    IReadOnlyList<CrashPoint?> Crashes,
    IReadOnlyDictionary<int, SeedEvent> Events)
{
    public static SeedPlan Of(int seed)
    {
        var random = new Random(seed);
        var crashes = Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4) == 0
            ? null : new CrashPoint(1 + random.Next(12), (CrashMoment)random.Next(2))).ToList();
        var events = new Dictionary<int, SeedEvent>();

        for (var count = random.Next(8); count > 0; count--)
        {
            events[1 + random.Next(40)] = (SeedEvent)random.Next(8);
        }

        return new SeedPlan(
            seed, 2 + random.Next(12), random.Next(3) * 0.15, seed % 25 == 0, random.Next(4) > 0, LimitsOf(random),
            crashes, events);
    }

    private static RunLimits LimitsOf(Random random)
    {
        var limits = RunLimits.Default;
        limits = random.Next(3) == 0
            ? limits with { ContextTokens = 9_000 + random.Next(6_000), OutputTokens = 600, ObservationTokens = 1_200 }
            : limits;
        limits = random.Next(6) == 0
            ? limits with { Budget = limits.Budget with { Dollars = 0.02m + (random.Next(10) * 0.02m) } } : limits;
        limits = random.Next(8) == 0
            ? limits with { Budget = limits.Budget with { ToolCalls = 1 + random.Next(8) } } : limits;
        limits = random.Next(8) == 0
            ? limits with { Budget = limits.Budget with { InputTokens = 20_000 + random.Next(60_000) } } : limits;
        return random.Next(8) == 0 ? limits with { Turns = 1 + random.Next(6) } : limits;
    }
}

/// <summary>Something that happens from outside just before a write of the journal.</summary>
public enum SeedEvent
{
    DiskFull = 0,
    ClockForward,
    ClockBack,
    ClockFarForward,
    Message,
    Cancel,
    Shutdown,
    SlowDisk,
}
