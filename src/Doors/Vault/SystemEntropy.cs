using System.Security.Cryptography;
using Reeve.Kernel.Journal;

namespace Reeve.Doors.Vault;

/// <summary>The kernel's generator (getrandom(2)), fit for keys, salts and nonces.</summary>
public sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
