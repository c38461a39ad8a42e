using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.ChatClients;

/// <summary>Any <see cref="IChatClient"/> of Microsoft.Extensions.AI as a model.</summary>
/// <remarks>
/// The client must not call tools by itself: it gets declarations only, so it cannot. A reply without a finish
/// reason counts as cut short.
/// </remarks>
public sealed class ChatClientModel(IChatClient client, string name) : IModel
{
    public string Name { get; } = name;

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        // A client that is not ours may work, or block, before it first awaits.
        await Task.Yield();
        var updates = new List<ChatResponseUpdate>();

        try
        {
            var stream = client.GetStreamingResponseAsync(
                ChatMessages.Of(request), ChatMessages.OptionsOf(request), cancellationToken);

            await foreach (var update in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                updates.Add(update);
                Tell(update, onDelta);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException)
        {
            throw new ModelCallException(
                new Problem("model.unreachable", "The model's client could not complete the call.", IsRetryable: true),
                wasSent: true);
        }

        return ReplyOf(updates.ToChatResponse());
    }

    private static ModelReply ReplyOf(ChatResponse response)
    {
        if (response.FinishReason is null)
        {
            throw CallFailures.Truncated();
        }

        ImmutableArray<MessagePart> parts =
        [
            .. response.Messages.Where(message => message.Role == ChatRole.Assistant)
                .SelectMany(message => message.Contents).Select(PartOf).OfType<MessagePart>(),
        ];
        var usage = response.Usage is { InputTokenCount: { } input, OutputTokenCount: { } output } counted
            ? new Usage(input, output, counted.CachedInputTokenCount ?? 0, counted.ReasoningTokenCount ?? 0)
            : null;
        var message = new Message(MessageRole.Assistant, parts);

        return new ModelReply(
            message, StopOf(response.FinishReason.Value, message.ToolCalls.Any()), usage,
            response.ModelId ?? string.Empty);
    }

    private static StopReason StopOf(ChatFinishReason reason, bool hasCalls)
    {
        if (reason == ChatFinishReason.Length)
        {
            return StopReason.OutputLimit;
        }

        if (reason == ChatFinishReason.ContentFilter)
        {
            return StopReason.ContentFilter;
        }

        return hasCalls
            ? StopReason.ToolCalls
            : reason == ChatFinishReason.Stop ? StopReason.EndOfTurn : StopReason.Unknown;
    }

    private static MessagePart? PartOf(AIContent content) => content switch
    {
        TextReasoningContent reasoning => new ReasoningPart(reasoning.Text, reasoning.ProtectedData ?? string.Empty),
        TextContent text => new TextPart(text.Text),
        FunctionCallContent call => new ToolCallPart(call.CallId, call.Name, ChatMessages.ArgumentsOf(call)),
        _ => null,
    };

    private static void Tell(ChatResponseUpdate update, Action<ModelDelta>? onDelta)
    {
        foreach (var content in onDelta is null ? [] : update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent reasoning:
                    onDelta!(new ModelDelta(ModelDeltaKind.Reasoning, reasoning.Text));
                    break;
                case TextContent text:
                    onDelta!(new ModelDelta(ModelDeltaKind.Text, text.Text));
                    break;
                case FunctionCallContent call:
                    onDelta!(new ModelDelta(ModelDeltaKind.ToolCall, call.Name));
                    break;
            }
        }
    }
}
