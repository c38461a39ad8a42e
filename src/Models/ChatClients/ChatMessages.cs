using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.ChatClients;

/// <summary>Puts our records into the shapes of Microsoft.Extensions.AI.</summary>
internal static class ChatMessages
{
    public static IEnumerable<ChatMessage> Of(ModelRequest request)
    {
        var system = request.SystemPrompt.Length == 0
            ? Enumerable.Empty<ChatMessage>() : [new ChatMessage(ChatRole.System, request.SystemPrompt)];

        return system.Concat(request.Messages.Select(Of));
    }

    public static ChatOptions OptionsOf(ModelRequest request) => new()
    {
        MaxOutputTokens = request.OutputTokensMax,
        Tools =
        [
            .. request.Tools.Select(tool => AIFunctionFactory.CreateDeclaration(
                tool.Name, tool.Summary, tool.ArgumentsSchema)),
        ],
    };

    public static string ArgumentsOf(FunctionCallContent call)
    {
        using var buffer = new MemoryStream();

        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();

            foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        if (value is JsonElement element)
        {
            element.WriteTo(writer);
            return;
        }

        var type = AIJsonUtilities.DefaultOptions.GetTypeInfo(value?.GetType() ?? typeof(object));
        JsonSerializer.Serialize(writer, value, type);
    }

    private static ChatMessage Of(Message message) => new(
        message.Role switch
        {
            MessageRole.Assistant => ChatRole.Assistant,
            MessageRole.Tool => ChatRole.Tool,
            _ => ChatRole.User,
        },
        [.. message.Parts.Select(ContentOf)]);

    private static AIContent ContentOf(MessagePart part) => part switch
    {
        TextPart text => new TextContent(text.Text),
        ReasoningPart reasoning => new TextReasoningContent(reasoning.Text)
        {
            ProtectedData = reasoning.ProviderData.Length == 0 ? null : reasoning.ProviderData,
        },
        ToolCallPart call => new FunctionCallContent(call.Id, call.Name, ParsedArguments(call.Arguments)),
        ToolResultPart result => new FunctionResultContent(result.CallId, result.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Dictionary<string, object?> ParsedArguments(string arguments)
    {
        if (!JsonText.IsObject(arguments))
        {
            return new(StringComparer.Ordinal) { ["malformed_arguments"] = arguments };
        }

        using var document = JsonDocument.Parse(arguments);
        var parsed = new Dictionary<string, object?>(StringComparer.Ordinal);

        foreach (var member in document.RootElement.EnumerateObject())
        {
            parsed[member.Name] = member.Value.Clone();
        }

        return parsed;
    }
}
