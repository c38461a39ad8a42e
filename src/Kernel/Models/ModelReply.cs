using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Models;

/// <summary>A complete reply.</summary>
/// <param name="Message">An assistant message; its tool calls are in the order asked.</param>
/// <param name="Usage">As the provider reported it; null where it did not.</param>
/// <param name="RespondingModel">The name the provider says it used; empty when it does not say.</param>
public sealed record ModelReply(Message Message, StopReason Stop, Usage? Usage, string RespondingModel);

/// <summary>Why the model stopped. Anything not known is <see cref="Unknown"/>, and is treated as the end.</summary>
public enum StopReason
{
    Unknown = 0,
    EndOfTurn,
    ToolCalls,

    /// <summary>The limit on output tokens cut it: its text counts, its tool calls never run.</summary>
    OutputLimit,
    Refusal,
    ContentFilter,
}

/// <summary>Tokens of one call. Cached input tokens are part of the input tokens.</summary>
public sealed record Usage(long InputTokens, long OutputTokens, long CachedInputTokens = 0, long ReasoningTokens = 0);

/// <summary>A piece of a reply as it arrives: superseded by the reply, never journaled.</summary>
public readonly record struct ModelDelta(ModelDeltaKind Kind, string Text);

public enum ModelDeltaKind
{
    Text = 0,
    Reasoning,

    /// <summary>The name of a tool whose call has begun.</summary>
    ToolCall,
}
