namespace Reeve.Kernel.Journal;

/// <summary>Randomness fit for keys, salts and nonces; a simulation gives a seeded one.</summary>
public interface IEntropy
{
    void Fill(Span<byte> bytes);
}
