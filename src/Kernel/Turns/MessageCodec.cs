using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reeve.Kernel.Turns;

/// <summary>Writes a reply of a model as a payload and reads it back, part by part.</summary>
public static class MessageCodec
{
    public static byte[] Encode(Message message) => JsonSerializer.SerializeToUtf8Bytes(
        message.Parts.Select(part => part switch
        {
            TextPart text => new StoredPart("text", text.Text),
            ReasoningPart reasoning => new StoredPart("reasoning", reasoning.Text, Data: reasoning.ProviderData),
            ToolCallPart call => new StoredPart("call", call.Arguments, call.Id, call.Name),
            _ => throw new System.Diagnostics.UnreachableException(),
        }).ToArray(),
        MessageShapes.Default.StoredPartArray);

    public static Message Decode(byte[] bytes) => new(
        MessageRole.Assistant,
        [
            .. JsonSerializer.Deserialize(bytes, MessageShapes.Default.StoredPartArray)!
                .Select<StoredPart, MessagePart>(part => part.Kind switch
                {
                    "text" => new TextPart(part.Text),
                    "reasoning" => new ReasoningPart(part.Text, part.Data),
                    _ => new ToolCallPart(part.Id, part.Name, part.Text),
                }),
        ]);
}

internal sealed record StoredPart(string Kind, string Text, string Id = "", string Name = "", string Data = "");

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredPart[]))]
internal sealed partial class MessageShapes : JsonSerializerContext;
