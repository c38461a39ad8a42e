using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.OpenAi;

/// <summary>Writes chat completion requests, remembering the bytes of every message, tool and system prompt.</summary>
internal sealed class OpenAiRequest
{
    private readonly MessageBytes<Message> _messages = new(WriteMessage);
    private readonly MessageBytes<ToolDescription> _tools = new(WriteTool);
    private readonly MessageBytes<string> _systemPrompts = new(WriteSystemPrompt);

    public IReadOnlyList<ReadOnlyMemory<byte>> Compose(ModelRequest request, string model, OpenAiQuirks quirks)
    {
        var body = new List<ReadOnlyMemory<byte>>((request.Messages.Count * 2) + (request.Tools.Count * 2) + 8)
        {
            JsonText.OpenObject(writer =>
            {
                writer.WriteString("model", model);
                writer.WriteBoolean("stream", value: true);

                if (quirks.AsksForUsage)
                {
                    writer.WriteStartObject("stream_options");
                    writer.WriteBoolean("include_usage", value: true);
                    writer.WriteEndObject();
                }

                writer.WriteNumber(
                    quirks.SaysCompletionTokens ? "max_completion_tokens" : "max_tokens", request.OutputTokensMax);
            }),
        };

        if (request.Tools.Count > 0)
        {
            JsonText.AppendArray(body, JsonText.OpenTools, default, request.Tools, _tools);
        }

        var system = request.SystemPrompt.Length == 0 ? default : _systemPrompts.Of(request.SystemPrompt);
        JsonText.AppendArray(body, JsonText.OpenMessages, system, request.Messages, _messages);
        body.Add(JsonText.CloseObject);

        return body;
    }

    private static void WriteSystemPrompt(Utf8JsonWriter writer, string prompt)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "system");
        writer.WriteString("content", prompt);
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, ToolDescription tool)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Name);
        writer.WriteString("description", tool.Summary);
        writer.WritePropertyName("parameters");
        tool.ArgumentsSchema.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, Message message)
    {
        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            writer.WriteStartObject();
            writer.WriteString("role", "tool");
            writer.WriteString("tool_call_id", result.CallId);
            writer.WriteString("content", result.Text);
            writer.WriteEndObject();
        }

        if (message.Role == MessageRole.Tool)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", message.Role == MessageRole.Assistant ? "assistant" : "user");

        if (message.Text.Length == 0 && message.ToolCalls.Any())
        {
            writer.WriteNull("content");
        }
        else
        {
            writer.WriteString("content", message.Text);
        }

        WriteToolCalls(writer, message);
        writer.WriteEndObject();
    }

    // Templates of local servers parse the arguments again and fail on what is no JSON, so it is wrapped.
    private static void WriteToolCalls(Utf8JsonWriter writer, Message message)
    {
        if (!message.ToolCalls.Any())
        {
            return;
        }

        writer.WriteStartArray("tool_calls");

        foreach (var call in message.ToolCalls)
        {
            writer.WriteStartObject();
            writer.WriteString("id", call.Id);
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments",
                JsonText.IsObject(call.Arguments) ? call.Arguments : Wrapped(call.Arguments));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Wrapped(string arguments)
    {
        using var buffer = new MemoryStream();

        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            JsonText.WriteArguments(writer, arguments);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
