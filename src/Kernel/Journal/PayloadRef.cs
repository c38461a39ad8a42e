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
public readonly record struct PayloadRef(string Hex)
{
    public const int Bytes = 32;

    /// <summary>No payload.</summary>
    public static PayloadRef None => new(string.Empty);

    [JsonIgnore]
    public bool IsNone => string.IsNullOrEmpty(Hex);

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}

internal sealed class PayloadRefConverter : JsonConverter<PayloadRef>
{
    public override PayloadRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException());

    public override void Write(Utf8JsonWriter writer, PayloadRef value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Hex ?? string.Empty);
}
