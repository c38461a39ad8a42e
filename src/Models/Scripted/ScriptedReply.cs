using System.Collections.Immutable;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Models.Scripted;

/// <summary>A scripted reply with everything filled in that the script may leave out.</summary>
internal sealed record ScriptedReply(
    string Text, string Reasoning, ImmutableArray<ToolCallPart> Calls, StopReason Stop, Usage? Usage)
{
    private const int TokensPerMessage = 50;
    private const int CharactersPerToken = 4;

    public static ScriptedReply Of(ScriptReply? reply, int turnIndex, int messagesCount)
    {
        reply ??= new ScriptReply();
        var text = reply.TextTimes == 1 ? reply.Text : string.Concat(Enumerable.Repeat(reply.Text, reply.TextTimes));
        ImmutableArray<ToolCallPart> calls =
        [
            .. reply.Calls.Select((call, index) => new ToolCallPart(
                call.Id ?? $"call_{turnIndex}_{index}", call.Name, call.Raw ?? call.Arguments?.GetRawText() ?? "{}")),
        ];

        return new ScriptedReply(
            text, reply.Reasoning, calls, StopOf(reply.Stop, calls.Length > 0),
            UsageOf(reply, text.Length + calls.Sum(call => call.Arguments.Length), messagesCount));
    }

    public Message ToMessage()
    {
        var parts = ImmutableArray.CreateBuilder<MessagePart>();

        if (Reasoning.Length > 0)
        {
            parts.Add(new ReasoningPart(Reasoning, ProviderData: string.Empty));
        }

        if (Text.Length > 0)
        {
            parts.Add(new TextPart(Text));
        }

        parts.AddRange(Calls);
        return new Message(MessageRole.Assistant, parts.DrainToImmutable());
    }

    private static StopReason StopOf(string? stop, bool hasCalls) => stop switch
    {
        null => hasCalls ? StopReason.ToolCalls : StopReason.EndOfTurn,
        "end_turn" => StopReason.EndOfTurn,
        "tool_calls" => StopReason.ToolCalls,
        "output_limit" => StopReason.OutputLimit,
        "refusal" => StopReason.Refusal,
        "content_filter" => StopReason.ContentFilter,
        _ => StopReason.Unknown,
    };

    // Made up where the script says nothing, but the same every time, so that bills can be compared.
    private static Usage? UsageOf(ScriptReply reply, int outputCharacters, int messagesCount) => reply switch
    {
        { NoUsage: true } => null,
        { Usage: { } usage } => new Usage(usage.Input, usage.Output, usage.Cached, usage.Reasoning),
        _ => new Usage(messagesCount * TokensPerMessage, 1 + (outputCharacters / CharactersPerToken)),
    };
}
