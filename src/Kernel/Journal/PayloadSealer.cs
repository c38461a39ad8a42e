using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Reeve.Authority;

namespace Reeve.Kernel.Journal;

/// <summary>Commits to and encrypts the payloads of one run with the run's own key.</summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the salt of the commitment is sealed with the payload.
/// Calls of one turn seal side by side, and a cipher of the platform serves one at a time: one is kept, and whoever
/// finds it taken makes another.
/// The associated data names tenant, run and commitment, so a payload moved elsewhere does not open.
/// </remarks>
public sealed class PayloadSealer : IDisposable
{
    public const int KeyBytes = 32;

    private const int SaltBytes = 32, NonceBytes = 12, TagBytes = 16;

    private readonly byte[] _runKey;
    private readonly byte[] _scope;
    private readonly IEntropy _entropy;
    private AesGcm? _idle;

    public PayloadSealer(RunKey run, byte[] runKey, IEntropy entropy)
    {
        _runKey = runKey;
        _scope = Encoding.UTF8.GetBytes($"reeve.payload.v1|{run.Tenant}|{run.Run}|");
        _entropy = entropy;
    }

    /// <summary>A fresh salt each time: equal payloads have commitments that nobody can match.</summary>
    public StoredPayload Seal(ReadOnlySpan<byte> payload)
    {
        var rented = ArrayPool<byte>.Shared.Rent(SaltBytes + payload.Length);
        var opened = rented.AsSpan(0, SaltBytes + payload.Length);
        var salt = opened[..SaltBytes];
        _entropy.Fill(salt);
        payload.CopyTo(opened[SaltBytes..]);

        Span<byte> commitment = stackalloc byte[PayloadRef.Bytes];
        HMACSHA256.HashData(salt, payload, commitment);
        var stored = new StoredPayload(new PayloadRef(commitment), Encrypt(opened, commitment));

        // A buffer of the pool is somebody else's next.
        opened.Clear();
        ArrayPool<byte>.Shared.Return(rented);
        return stored;
    }

    /// <exception cref="ProblemException"><c>payload.corrupt</c> when it is not what was committed to.</exception>
    public byte[] Open(PayloadRef commitment, ReadOnlySpan<byte> sealedPayload)
    {
        Span<byte> expected = stackalloc byte[PayloadRef.Bytes];
        commitment.CopyTo(expected);
        var opened = Decrypt(sealedPayload, expected);
        var payload = opened.AsSpan(SaltBytes);

        Span<byte> actual = stackalloc byte[PayloadRef.Bytes];
        HMACSHA256.HashData(opened.AsSpan(0, SaltBytes), payload, actual);
        Problem.ThrowUnless(
            CryptographicOperations.FixedTimeEquals(actual, expected),
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
    public string NameOf(string purpose, string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(
            Encoding.UTF8.GetByteCount(purpose) + 1 + Encoding.UTF8.GetByteCount(text));
        var count = Encoding.UTF8.GetBytes(purpose, rented);
        rented[count++] = (byte)'|';
        count += Encoding.UTF8.GetBytes(text, rented.AsSpan(count));

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_runKey, rented.AsSpan(0, count), hash);
        rented.AsSpan(0, count).Clear();
        ArrayPool<byte>.Shared.Return(rented);
        return Convert.ToHexStringLower(hash[..16]);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_runKey);
        Interlocked.Exchange(ref _idle, null)?.Dispose();
    }

    private byte[] Encrypt(ReadOnlySpan<byte> opened, ReadOnlySpan<byte> context)
    {
        var result = GC.AllocateUninitializedArray<byte>(NonceBytes + TagBytes + opened.Length);
        var nonce = result.AsSpan(0, NonceBytes);
        _entropy.Fill(nonce);

        Span<byte> associated = stackalloc byte[_scope.Length + context.Length];
        Associate(context, associated);
        var cipher = TakeCipher();
        cipher.Encrypt(
            nonce, opened, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes), associated);
        GiveBack(cipher);

        return result;
    }

    private byte[] Decrypt(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> context)
    {
        Problem.ThrowUnless(
            stored.Length >= NonceBytes + TagBytes, "payload.corrupt", "A payload of the journal cannot be read.");
        var opened = new byte[stored.Length - NonceBytes - TagBytes];

        Span<byte> associated = stackalloc byte[_scope.Length + context.Length];
        Associate(context, associated);
        var cipher = TakeCipher();

        try
        {
            cipher.Decrypt(
                stored[..NonceBytes], stored[(NonceBytes + TagBytes)..], stored.Slice(NonceBytes, TagBytes), opened,
                associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ProblemException(
                new Problem("payload.corrupt", "A payload of the journal was altered or belongs to another key."));
        }
        finally
        {
            GiveBack(cipher);
        }

        return opened;
    }

    // A tenant's name is short, so this fits on any stack.
    private void Associate(ReadOnlySpan<byte> context, Span<byte> associated)
    {
        _scope.CopyTo(associated);
        context.CopyTo(associated[_scope.Length..]);
    }

    private AesGcm TakeCipher() => Interlocked.Exchange(ref _idle, null) ?? new AesGcm(_runKey, TagBytes);

    private void GiveBack(AesGcm cipher)
    {
        if (Interlocked.CompareExchange(ref _idle, cipher, null) is not null)
        {
            cipher.Dispose();
        }
    }
}
