using Reeve.Kernel.Journal;

namespace Reeve.Tests.Simulation.World;

/// <summary>The same bytes for the same seed.</summary>
public sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    public void Fill(Span<byte> bytes)
    {
        lock (_gate)
        {
            _random.NextBytes(bytes);
        }
    }
}
