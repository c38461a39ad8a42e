using System.Security.Cryptography;

namespace Reeve.Kernel.Journal;

/// <summary>SHA-256 (FIPS 180-4) of the stored bytes of an entry, which contain the hash before it.</summary>
public readonly record struct ChainHash(UInt128 High, UInt128 Low)
{
    public const int Bytes = 32;

    /// <summary>What the first entry follows.</summary>
    public static ChainHash Genesis => default;

    public static ChainHash Of(ReadOnlySpan<byte> stored)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(stored, hash);
        return FromBytes(hash);
    }

    public static ChainHash FromBytes(ReadOnlySpan<byte> bytes) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[..16]),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..Bytes]));

    public void CopyTo(Span<byte> bytes)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[..16], High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Convert.ToHexStringLower(ToBytes());
}
