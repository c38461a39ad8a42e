using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;

namespace Reeve.Bench;

/// <summary>One decision of the gate, with none to ten thousand rules: time and bytes must not grow.</summary>
internal static class GateBenchmark
{
    private const int Decisions = 200_000, Rounds = 9, Batch = 1_000;

    private static readonly (string Name, string Tool, Effect Effect)[] s_calls =
    [
        ("read a file", "read", new Effect(EffectKind.ReadFile, "src/lib/parser.cs")),
        ("change a file", "edit", new Effect(EffectKind.WriteFile, "src/lib/parser.cs")),
        ("run a command", "shell", new Effect(EffectKind.RunCommand, "dotnet test --no-restore")),
    ];

    public static Task RunAsync()
    {
        Console.WriteLine($"one decision; best of {Rounds} rounds of {Decisions}");

        foreach (var (name, tool, effect) in s_calls)
        {
            var first = 0.0;

            foreach (var rules in new[] { 0, 100, 1_000, 10_000 })
            {
                var (nanoseconds, slowest, bytes) = Measure(new PolicyEngine(MandateOf(rules)), tool, [effect]);
                Console.WriteLine(
                    $"  {name}, {rules,5} rules: {nanoseconds:0} ns"
                    + $" · p99 of batches of {Batch} {slowest:0} ns · {bytes} bytes");
                first = rules == 100 ? nanoseconds : first;

                if (rules == 10_000)
                {
                    Bench.Rounds.Judge($"{name}: 10,000 rules / 100", nanoseconds / first, 1.5, isMost: true);
                }
            }
        }

        return Task.CompletedTask;
    }

    private static (double Nanoseconds, double P99, long Bytes) Measure(
        PolicyEngine gate, string tool, IReadOnlyList<Effect> effects)
    {
        var batches = new List<double>(Rounds * Decisions / Batch);
        var best = double.MaxValue;
        var bytes = 0L;

        for (var round = 0; round <= Rounds; round++)
        {
            var (began, allocated) = (TimeProvider.System.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            Decide(gate, tool, effects, Decisions);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Decisions;
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / Decisions);
        }

        for (var batch = 0; batch < batches.Capacity; batch++)
        {
            var began = TimeProvider.System.GetTimestamp();
            Decide(gate, tool, effects, Batch);
            batches.Add(TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / Batch);
        }

        batches.Sort();
        return (best, batches[batches.Count * 99 / 100], bytes);
    }

    private static void Decide(PolicyEngine gate, string tool, IReadOnlyList<Effect> effects, int count)
    {
        for (var decision = 0; decision < count; decision++)
        {
            _ = gate.Decide(tool, effects, new Circumstances(DateTimeOffset.UnixEpoch, default));
        }
    }

    private static Mandate MandateOf(int rules) => Mandate.Default("bench", "bench", canAsk: false) with
    {
        Rules = [.. Enumerable.Range(0, rules).Select(RuleOf)],
    };

    private static Rule RuleOf(int number) => RuleSyntax.Parse(
        (number % 4) switch
        {
            0 => $"Read(secret{number}/**)",
            1 => $"Edit(vendor{number}/*.lock)",
            2 => $"Bash(tool{number} push:*)",
            _ => $"WebFetch(domain:*.host{number}.example)",
        },
        number % 3 == 0 ? Decision.Ask : Decision.Deny, RuleTier.User);
}
