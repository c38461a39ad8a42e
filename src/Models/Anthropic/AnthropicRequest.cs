using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.Anthropic;

/// <summary>Writes Messages requests, remembering the bytes of every message, tool and system prompt.</summary>
/// <remarks>Thinking goes back exactly as it came, with its signature; thinking without one stays here.</remarks>
internal sealed class AnthropicRequest
{
    private readonly MessageBytes<Message> _messages = new(WriteMessage);
    private readonly MessageBytes<ToolDescription> _tools = new(WriteTool);
    private readonly MessageBytes<string> _systemPrompts = new(WriteSystemPrompt);

    public IReadOnlyList<ReadOnlyMemory<byte>> Compose(ModelRequest request, string model)
    {
        var body = new List<ReadOnlyMemory<byte>>((request.Messages.Count * 2) + (request.Tools.Count * 2) + 8)
        {
            JsonText.OpenObject(writer =>
            {
                writer.WriteString("model", model);
                writer.WriteNumber("max_tokens", request.OutputTokensMax);
                writer.WriteBoolean("stream", value: true);
            }),
        };

        if (request.SystemPrompt.Length > 0)
        {
            body.Add(",\"system\":"u8.ToArray());
            body.Add(_systemPrompts.Of(request.SystemPrompt));
        }

        if (request.Tools.Count > 0)
        {
            JsonText.AppendArray(body, JsonText.OpenTools, default, request.Tools, _tools);
        }

        JsonText.AppendArray(body, JsonText.OpenMessages, default, request.Messages, _messages);
        body.Add(JsonText.CloseObject);

        return body;
    }

    private static void WriteSystemPrompt(Utf8JsonWriter writer, string prompt) => writer.WriteStringValue(prompt);

    private static void WriteTool(Utf8JsonWriter writer, ToolDescription tool)
    {
        writer.WriteStartObject();
        writer.WriteString("name", tool.Name);
        writer.WriteString("description", tool.Summary);
        writer.WritePropertyName("input_schema");
        tool.ArgumentsSchema.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        writer.WriteString("role", message.Role == MessageRole.Assistant ? "assistant" : "user");
        writer.WriteStartArray("content");
        var written = message.Parts.Count(part => WritePart(writer, part));

        if (written == 0)
        {
            WriteText(writer, "(nothing)");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool WritePart(Utf8JsonWriter writer, MessagePart part)
    {
        switch (part)
        {
            case TextPart text when !string.IsNullOrWhiteSpace(text.Text):
                WriteText(writer, text.Text);
                return true;
            case ReasoningPart { ProviderData: ['{', ..] } block:
                writer.WriteRawValue(block.ProviderData);
                return true;
            case ReasoningPart { ProviderData.Length: > 0 } thinking:
                writer.WriteStartObject();
                writer.WriteString("type", "thinking");
                writer.WriteString("thinking", thinking.Text);
                writer.WriteString("signature", thinking.ProviderData);
                writer.WriteEndObject();
                return true;
            case ToolCallPart call:
                WriteCall(writer, call);
                return true;
            case ToolResultPart result:
                WriteResult(writer, result);
                return true;
            default:
                return false;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", SafeId(call.Id));
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("input");
        JsonText.WriteArguments(writer, call.Arguments);
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", SafeId(result.CallId));
        writer.WriteString("content", result.Text);

        if (result.IsError)
        {
            writer.WriteBoolean("is_error", value: true);
        }

        writer.WriteEndObject();
    }

    // The API takes letters, digits, _ and - only; another provider's identifiers may hold more.
    private static string SafeId(string id) =>
        string.Concat(id.Select(character => char.IsAsciiLetterOrDigit(character)
            || character is '-' ? character : '_'));
}
