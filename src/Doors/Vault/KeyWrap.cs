using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Reeve.Authority;
using Reeve.Kernel.Journal;

namespace Reeve.Doors.Vault;

/// <summary>Wraps the keys of runs under a key derived from the master key.</summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The associated data names tenant and run, so the key of
/// one run does not open under the name of another. Layout: version (1) | nonce (12) | wrapped | tag (16).
/// </remarks>
public sealed class KeyWrap : IKeyWrap, IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12, TagBytes = 16, PseudonymBytes = 16;

    private readonly byte[] _wrappingKey;
    private readonly byte[] _pseudonymKey;
    private readonly IEntropy _entropy;

    public KeyWrap(MasterKey master, IEntropy entropy)
    {
        _wrappingKey = master.DeriveFor("reeve.key-wrap.v1");
        Mandates = new MandateSeal(master);
        _pseudonymKey = master.DeriveFor("reeve.pseudonym.v1");
        _entropy = entropy;
    }

    /// <summary>Signs mandates and checks signatures.</summary>
    public MandateSeal Mandates { get; }

    public byte[] Wrap(RunKey run, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[1 + NonceBytes + key.Length + TagBytes];
        var nonce = wrapped.AsSpan(1, NonceBytes);
        wrapped[0] = Version;
        _entropy.Fill(nonce);

        // Made for each call: the type does not promise that two threads may share one.
        using var cipher = new AesGcm(_wrappingKey, TagBytes);
        cipher.Encrypt(
            nonce, key, wrapped.AsSpan(1 + NonceBytes, key.Length), wrapped.AsSpan(^TagBytes..), Scope(run));

        return wrapped;
    }

    public byte[] Unwrap(RunKey run, ReadOnlySpan<byte> wrapped)
    {
        var keyBytes = wrapped.Length - 1 - NonceBytes - TagBytes;

        if (keyBytes < 0 || wrapped[0] != Version)
        {
            throw new ProblemException(KeyProblems.Wrong);
        }

        var key = new byte[keyBytes];
        using var cipher = new AesGcm(_wrappingKey, TagBytes);

        try
        {
            cipher.Decrypt(
                wrapped.Slice(1, NonceBytes),
                wrapped.Slice(1 + NonceBytes, keyBytes),
                wrapped[^TagBytes..],
                key,
                Scope(run));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ProblemException(KeyProblems.Wrong);
        }

        return key;
    }

    /// <remarks>HMAC-SHA-256 (RFC 2104), its first 16 bytes.</remarks>
    public string Pseudonym(string text) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_pseudonymKey, Encoding.UTF8.GetBytes(text)).AsSpan(0, PseudonymBytes));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_wrappingKey);
        CryptographicOperations.ZeroMemory(_pseudonymKey);
        Mandates.Dispose();
    }

    // The length goes first, so that no name of a tenant can end in what looks like a run.
    private static byte[] Scope(RunKey run)
    {
        var tenant = Encoding.UTF8.GetBytes(run.Tenant.Name);
        var scope = new byte[sizeof(int) + tenant.Length + 16];
        BinaryPrimitives.WriteInt32BigEndian(scope, tenant.Length);
        tenant.CopyTo(scope, sizeof(int));
        run.Run.ToBytes().CopyTo(scope, sizeof(int) + tenant.Length);

        return scope;
    }
}
