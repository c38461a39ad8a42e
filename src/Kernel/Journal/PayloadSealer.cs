using System.Security.Cryptography;
using System.Text;
using Reeve.Authority;

namespace Reeve.Kernel.Journal;

/// <summary>Commits to and encrypts the payloads of one run with the run's own key.</summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the salt of the commitment is sealed with the payload.
/// Calls of one turn seal side by side, and a cipher of the platform serves one at a time: each has its own.
/// The associated data names tenant, run and commitment, so a payload moved elsewhere does not open.
/// </remarks>
public sealed class PayloadSealer : IDisposable
{
    public const int KeyBytes = 32;

    private const int SaltBytes = 32, NonceBytes = 12, TagBytes = 16;

    private readonly byte[] _runKey;
    private readonly byte[] _scope;
    private readonly IEntropy _entropy;

    public PayloadSealer(RunKey run, byte[] runKey, IEntropy entropy)
    {
        _runKey = runKey;
        _scope = Encoding.UTF8.GetBytes($"reeve.payload.v1|{run.Tenant}|{run.Run}|");
        _entropy = entropy;
    }

    /// <summary>A fresh salt each time: equal payloads have commitments that nobody can match.</summary>
    public StoredPayload Seal(ReadOnlySpan<byte> payload)
    {
        var opened = new byte[SaltBytes + payload.Length];
        _entropy.Fill(opened.AsSpan(0, SaltBytes));
        payload.CopyTo(opened.AsSpan(SaltBytes));
        var commitment = new PayloadRef(
            Convert.ToHexStringLower(HMACSHA256.HashData(opened.AsSpan(0, SaltBytes), payload)));

        return new StoredPayload(commitment, Encrypt(opened, commitment.ToBytes()));
    }

    /// <exception cref="ProblemException"><c>payload.corrupt</c> when it is not what was committed to.</exception>
    public byte[] Open(PayloadRef commitment, ReadOnlySpan<byte> sealedPayload)
    {
        var opened = Decrypt(sealedPayload, commitment.ToBytes());
        var payload = opened.AsSpan(SaltBytes);
        var actual = HMACSHA256.HashData(opened.AsSpan(0, SaltBytes), payload);
        Problem.ThrowUnless(
            CryptographicOperations.FixedTimeEquals(actual, commitment.ToBytes()),
            "payload.corrupt", "A payload of the journal is not what the journal committed to.");

        return payload.ToArray();
    }

    /// <summary>True when <paramref name="payload"/> is exactly what was committed to.</summary>
    public bool IsCommitted(PayloadRef commitment, ReadOnlySpan<byte> sealedPayload, ReadOnlySpan<byte> payload) =>
        CryptographicOperations.FixedTimeEquals(Open(commitment, sealedPayload), payload);

    /// <summary>Seals a message to the holder of the run; the purpose keeps it apart from payloads.</summary>
    public byte[] SealMessage(ReadOnlySpan<byte> message) => Encrypt(message, "inbox"u8);

    public byte[] OpenMessage(ReadOnlySpan<byte> sealedMessage) => Decrypt(sealedMessage, "inbox"u8);

    /// <summary>Names a text within this run by a keyed hash, as 32 hex digits.</summary>
    public string NameOf(string purpose, string text) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_runKey, Encoding.UTF8.GetBytes($"{purpose}|{text}")).AsSpan(0, 16));

    public void Dispose() => CryptographicOperations.ZeroMemory(_runKey);

    private byte[] Encrypt(ReadOnlySpan<byte> opened, ReadOnlySpan<byte> context)
    {
        var result = new byte[NonceBytes + TagBytes + opened.Length];
        var nonce = result.AsSpan(0, NonceBytes);
        _entropy.Fill(nonce);
        using var cipher = new AesGcm(_runKey, TagBytes);
        cipher.Encrypt(
            nonce, opened, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes),
            [.. _scope, .. context]);

        return result;
    }

    private byte[] Decrypt(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> context)
    {
        Problem.ThrowUnless(
            stored.Length >= NonceBytes + TagBytes, "payload.corrupt", "A payload of the journal cannot be read.");
        var opened = new byte[stored.Length - NonceBytes - TagBytes];

        try
        {
            using var cipher = new AesGcm(_runKey, TagBytes);
            cipher.Decrypt(
                stored[..NonceBytes], stored[(NonceBytes + TagBytes)..], stored.Slice(NonceBytes, TagBytes), opened,
                [.. _scope, .. context]);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ProblemException(
                new Problem("payload.corrupt", "A payload of the journal was altered or belongs to another key."));
        }

        return opened;
    }
}
