using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reeve.Kernel.Journal;

/// <summary>A salted commitment to something a person, model, file or tool wrote: 32 bytes, as lower-case
/// hex.</summary>
/// <remarks>
/// HMAC-SHA-256 (RFC 2104) of the payload under a random 32-byte salt. The salt is stored with the payload and
/// erased with it: afterwards the commitment still chains, and can confirm no guess.
/// </remarks>
[JsonConverter(typeof(PayloadRefConverter))]
public readonly record struct PayloadRef
{
    public const int Bytes = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <param name="bytes">The 32 bytes of the commitment.</param>
    public PayloadRef(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new ArgumentException("A commitment has 32 bytes.", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>No payload.</summary>
    public static PayloadRef None => default;

    [JsonIgnore]
    public bool IsNone => _high == 0 && _low == 0;

    /// <summary>Empty where there is no payload.</summary>
    public string Hex => IsNone ? string.Empty : Convert.ToHexStringLower(ToBytes());

    public static PayloadRef Parse(string hex) => hex.Length == 0 ? None : new PayloadRef(Convert.FromHexString(hex));

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes[..16], _high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], _low);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    // The bytes are as good as random already.
    public override int GetHashCode() => (int)(uint)_low;

    public override string ToString() => Hex;
}

internal sealed class PayloadRefConverter : JsonConverter<PayloadRef>
{
    private const int HexBytes = 2 * PayloadRef.Bytes;

    public override PayloadRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> hex = stackalloc byte[HexBytes];
        Span<byte> bytes = stackalloc byte[PayloadRef.Bytes];

        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence
            || reader.ValueSpan.Length is not (0 or HexBytes))
        {
            throw new JsonException();
        }

        return reader.CopyString(hex) switch
        {
            0 => PayloadRef.None,
            HexBytes when Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done =>
                new PayloadRef(bytes),
            _ => throw new JsonException(),
        };
    }

    public override void Write(Utf8JsonWriter writer, PayloadRef value, JsonSerializerOptions options)
    {
        Span<byte> hex = stackalloc byte[HexBytes];

        if (value.IsNone)
        {
            writer.WriteStringValue(string.Empty);
            return;
        }

        Span<byte> bytes = stackalloc byte[PayloadRef.Bytes];
        value.CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, hex, out _);
        writer.WriteStringValue(hex);
    }
}
