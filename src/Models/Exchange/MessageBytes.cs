using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reeve.Models.Exchange;

/// <summary>Remembers the serialised form of an immutable part of a request for as long as that part lives.</summary>
/// <remarks>A conversation of two hundred messages is sent by appending their bytes; only the newest is
/// serialised.</remarks>
internal sealed class MessageBytes<TPart>(Action<Utf8JsonWriter, TPart> write)
    where TPart : class
{
    // A message of a usual length is written without growing.
    private const int FirstBytes = 1_024;

    private readonly ConditionalWeakTable<TPart, byte[]> _known = [];

    public ReadOnlyMemory<byte> Of(TPart part) =>
        _known.TryGetValue(part, out var known) ? known : _known.GetValue(part, Serialize);

    // A part may become several values, as several results of one message: they are written into an array, whose
    // brackets are taken away again.
    private byte[] Serialize(TPart part)
    {
        var buffer = new ArrayBufferWriter<byte>(FirstBytes);

        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartArray();
            write(writer, part);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan[1..^1].ToArray();
    }
}

/// <summary>How request bodies are written and put together.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false,
    };

    public static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    public static readonly ReadOnlyMemory<byte> OpenTools = ",\"tools\":["u8.ToArray();
    public static readonly ReadOnlyMemory<byte> OpenMessages = ",\"messages\":["u8.ToArray();
    public static readonly ReadOnlyMemory<byte> CloseArray = "]"u8.ToArray();
    public static readonly ReadOnlyMemory<byte> CloseObject = "}"u8.ToArray();

    /// <summary>The members of an object without its closing brace, so that more can follow.</summary>
    public static ReadOnlyMemory<byte> OpenObject(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory[..^1];
    }

    /// <summary>Appends a member that is an array of values already serialised.</summary>
    /// <param name="first">A value before the parts; empty is none.</param>
    public static void AppendArray<TPart>(
        List<ReadOnlyMemory<byte>> body,
        ReadOnlyMemory<byte> opening,
        ReadOnlyMemory<byte> first,
        IReadOnlyList<TPart> parts,
        MessageBytes<TPart> bytes)
        where TPart : class
    {
        body.Add(opening);
        var isFirst = first.IsEmpty;

        if (!isFirst)
        {
            body.Add(first);
        }

        for (var index = 0; index < parts.Count; index++)
        {
            var value = bytes.Of(parts[index]);

            if (value.IsEmpty)
            {
                continue;
            }

            if (!isFirst)
            {
                body.Add(Comma);
            }

            body.Add(value);
            isFirst = false;
        }

        body.Add(CloseArray);
    }

    /// <summary>Writes arguments as an object; what is no object is kept under a name that says so.</summary>
    public static void WriteArguments(Utf8JsonWriter writer, string arguments)
    {
        if (IsObject(arguments))
        {
            writer.WriteRawValue(arguments, skipInputValidation: false);
            return;
        }

        writer.WriteStartObject();

        if (!string.IsNullOrWhiteSpace(arguments))
        {
            writer.WriteString("malformed_arguments", arguments);
        }

        writer.WriteEndObject();
    }

    public static bool IsObject(string text) => IsJson(text) && text.AsSpan().TrimStart() is ['{', ..];

    public static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
