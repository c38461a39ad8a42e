using System.Security.Cryptography;
using Reeve.Authority;

namespace Reeve.Doors.Vault;

/// <summary>Signs mandates that cross from one process to another, and refuses those nobody here signed.</summary>
/// <remarks>
/// ECDSA over P-256 with SHA-256 (FIPS 186-5). The private key follows from the master key (HKDF), so every process
/// of one data directory has the same, and none is stored beside it. The public key can be handed out.
/// </remarks>
public sealed class MandateSeal : IDisposable
{
    private readonly byte[] _secret;
    private readonly Lazy<ECDsa> _key;

    internal MandateSeal(MasterKey master)
    {
        _secret = master.DeriveFor("reeve.mandate-seal.v1");

        // Below the order of the curve (about 2 to the 256) whatever the first byte was.
        _secret[0] &= 0x7F;
        _secret[^1] |= 1;
        _key = new Lazy<ECDsa>(
            () => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = _secret }));
    }

    public byte[] PublicKey() => _key.Value.ExportSubjectPublicKeyInfo();

    /// <summary>The signature of a mandate under the name of its run: it counts for no other.</summary>
    public string Sign(string mandateId, ReadOnlySpan<byte> mandate) =>
        Convert.ToHexStringLower(_key.Value.SignData(Signed(mandateId, mandate), HashAlgorithmName.SHA256));

    /// <exception cref="ProblemException"><c>mandate.forged</c></exception>
    public void Check(string mandateId, ReadOnlySpan<byte> mandate, string signature) => Problem.ThrowUnless(
        IsHex(signature) && _key.Value.VerifyData(
            Signed(mandateId, mandate), Convert.FromHexString(signature), HashAlgorithmName.SHA256),
        "mandate.forged", "The mandate of this run was not signed by this installation, so it allows nothing.");

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);

        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private static bool IsHex(string text) =>
        text.Length is > 0 and <= 512 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);

    private static byte[] Signed(string mandateId, ReadOnlySpan<byte> mandate)
    {
        var name = System.Text.Encoding.UTF8.GetBytes($"reeve.mandate.v1|{mandateId}|");
        return [.. name, .. SHA256.HashData(mandate)];
    }
}
