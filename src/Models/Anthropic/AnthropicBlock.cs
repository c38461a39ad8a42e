using System.Text;
using System.Text.Json;
using Reeve.Kernel.Turns;

namespace Reeve.Models.Anthropic;

/// <summary>One content block as it grows: text, thinking, a tool call, or a block that is none of ours.</summary>
internal sealed class AnthropicBlock
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _json = new();
    private readonly string _type;
    private readonly string _id = string.Empty;
    private readonly string _name = string.Empty;
    private readonly string _raw;
    private readonly string _input = string.Empty;
    private string _signature = string.Empty;

    public AnthropicBlock(JsonElement start)
    {
        _type = Text(start, "type");
        _raw = start.GetRawText();

        switch (_type)
        {
            case "text":
                _text.Append(Text(start, "text"));
                break;
            case "thinking":
                _text.Append(Text(start, "thinking"));
                _signature = Text(start, "signature");
                break;
            case "tool_use":
                (_id, _name) = (Text(start, "id"), Text(start, "name"));
                _input = start.TryGetProperty("input", out var input) ? input.GetRawText() : string.Empty;
                break;
        }
    }

    public bool IsText => _type is "text";

    public bool IsThinking => _type is "thinking";

    public string InitialText => _text.ToString();

    /// <summary>The tool's name when the block is a call, else empty.</summary>
    public string CallName => _name;

    public void AddText(string text) => _text.Append(text);

    public void AddJson(string json) => _json.Append(json);

    public void AddSignature(string signature) => _signature += signature;

    public MessagePart? ToPart() => _type switch
    {
        "text" => _text.Length > 0 ? new TextPart(_text.ToString()) : null,
        "thinking" => new ReasoningPart(_text.ToString(), _signature),
        "redacted_thinking" => new ReasoningPart(string.Empty, _raw),
        "tool_use" => new ToolCallPart(_id, _name, Arguments()),

        // What the provider's own servers did is told by the text around it and cannot be sent back by us.
        _ => null,
    };

    private string Arguments() => _json.Length > 0 ? _json.ToString() : _input.Length > 0 ? _input : "{}";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : string.Empty;
}
