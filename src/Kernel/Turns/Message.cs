using System.Collections.Immutable;

namespace Reeve.Kernel.Turns;

/// <summary>One message of a conversation with a model. Immutable, so that its serialised form may be kept.</summary>
/// <remarks>
/// A run keeps the same instance from turn to turn: an adapter may remember the bytes of a message by reference
/// and append them, instead of serialising the history again.
/// </remarks>
public sealed class Message(MessageRole role, ImmutableArray<MessagePart> parts)
{
    public MessageRole Role { get; } = role;

    public ImmutableArray<MessagePart> Parts { get; } = parts;

    /// <summary>The text parts, one after the other.</summary>
    public string Text => string.Concat(Parts.OfType<TextPart>().Select(part => part.Text));

    public IEnumerable<ToolCallPart> ToolCalls => Parts.OfType<ToolCallPart>();

    public static Message OfUser(string text) => new(MessageRole.User, [new TextPart(text)]);
}

public enum MessageRole
{
    User = 0,
    Assistant,

    /// <summary>Results of tool calls; every part is a <see cref="ToolResultPart"/>.</summary>
    Tool,
}
