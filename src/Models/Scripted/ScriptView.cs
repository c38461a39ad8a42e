using System.Text.Json;
using Reeve.Kernel.Turns;

namespace Reeve.Models.Scripted;

/// <summary>A conversation as a script looks at it, whether it came as records or as a request body.</summary>
internal sealed record ScriptView(IReadOnlyList<ScriptEntry> Entries)
{
    public int RepliesCount => Entries.Count(entry => entry.IsReply);

    public static ScriptView Of(IReadOnlyList<Message> messages) => new(
    [
        .. messages.Select(message => new ScriptEntry(
            message.Role == MessageRole.Assistant,
            message.Text,
            message.Parts.OfType<ToolResultPart>().LastOrDefault()?.Text)),
    ]);

    public static ScriptView OfRequest(JsonElement body) => new(
    [
        .. body.GetProperty("messages")
            .EnumerateArray().Where(message => RoleOf(message) is not ("system" or "developer"))
            .Select(message => new ScriptEntry(RoleOf(message) is "assistant", TextOf(message), ResultOf(message))),
    ]);

    private static string RoleOf(JsonElement message) => message.GetProperty("role").GetString() ?? string.Empty;

    private static string TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
        {
            return string.Empty;
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(
                part => part.TryGetProperty("text", out var text) ? text.GetString() : string.Empty)),
            _ => string.Empty,
        };
    }

    private static string? ResultOf(JsonElement message)
    {
        if (RoleOf(message) is "tool")
        {
            return TextOf(message);
        }

        if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var results = content.EnumerateArray()
            .Where(part => part.TryGetProperty("type", out var type) && type.ValueEquals("tool_result")).ToList();

        return results.Count == 0 ? null : TextOf(results[^1]);
    }
}

/// <summary>One message: who spoke, the text, and the last tool result in it.</summary>
internal sealed record ScriptEntry(bool IsReply, string Text, string? Result);
