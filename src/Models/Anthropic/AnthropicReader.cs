using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;
using Reeve.Models.Streams;

namespace Reeve.Models.Anthropic;

/// <summary>Reads a message, streamed or whole (Messages API, "Streaming messages").</summary>
/// <remarks>
/// Complete is what ended with <c>message_stop</c>; what follows it is not read. The same beginning sent twice is one
/// beginning; another message inside a message is a damaged stream, of which nothing is used.
/// </remarks>
internal sealed class AnthropicReader(int outputTokensMax, Action<ModelDelta>? onDelta) : IReplyReader
{
    public const int BlocksMax = 1_024;

    private readonly SortedDictionary<int, AnthropicBlock> _blocks = [];
    private readonly OutputMeter _meter = new(outputTokensMax);
    private string? _messageId;
    private string _model = string.Empty;
    private string _stopReason = string.Empty;
    private long _inputTokens;
    private long _cacheReads;
    private long _cacheWrites;
    private long _outputTokens;
    private bool _hasUsage;

    public bool IsDone { get; private set; }

    public bool IsComplete => IsDone;

    public void Read(SseEvent streamEvent)
    {
        if (streamEvent.Data.Span.Trim(" \t"u8).IsEmpty)
        {
            return;
        }

        using var document = JsonDocument.Parse(streamEvent.Data);
        var root = document.RootElement;
        var type = Text(root, "type");

        switch (type.Length > 0 ? type : streamEvent.Name)
        {
            case "message_start":
                Start(root.GetProperty("message"));
                break;
            case "content_block_start":
                Open(IndexOf(root), root.GetProperty("content_block"));
                break;
            case "content_block_delta":
                Grow(IndexOf(root), root.GetProperty("delta"));
                break;
            case "message_delta":
                End(root);
                break;
            case "message_stop":
                Demand(_messageId is not null);
                IsDone = true;
                break;
            case "error":
                throw ProviderErrors.MapInStream(root.TryGetProperty("error", out var error) ? error : root);
        }

        CutIfOver();
    }

    public void ReadWhole(JsonElement document)
    {
        if (Text(document, "type") is "error")
        {
            throw ProviderErrors.MapInStream(document.TryGetProperty("error", out var error) ? error : document);
        }

        Start(document);
        var index = 0;

        foreach (var block in document.GetProperty("content").EnumerateArray())
        {
            Open(index++, block);
        }

        _stopReason = Text(document, "stop_reason");
        Demand(_stopReason.Length > 0);
        IsDone = true;
        CutIfOver();
    }

    public ModelReply Finish()
    {
        if (!IsDone)
        {
            throw CallFailures.Truncated();
        }

        ImmutableArray<MessagePart> parts = [.. _blocks.Values.Select(block => block.ToPart()).OfType<MessagePart>()];
        var message = new Message(MessageRole.Assistant, WithDistinctIds(parts));
        var usage = _hasUsage
            ? new Usage(_inputTokens + _cacheReads + _cacheWrites, _outputTokens, _cacheReads) : null;

        return new ModelReply(message, StopOf(message.ToolCalls.Any()), usage, _model);
    }

    private static ImmutableArray<MessagePart> WithDistinctIds(ImmutableArray<MessagePart> parts)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);

        return [.. parts.Select((part, index) => part is ToolCallPart call && (call.Id.Length == 0 || !ids.Add(call.Id))
            ? call with { Id = $"{call.Id}_{index}" } : part)];
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new JsonException();
        }
    }

    private static int IndexOf(JsonElement root) => root.GetProperty("index").GetInt32();

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : string.Empty;

    private void CutIfOver()
    {
        if (_meter.IsOver)
        {
            // What it says of its own tokens so far was before it went on.
            _outputTokens = Math.Max(_outputTokens, outputTokensMax);
            _stopReason = "max_tokens";
            IsDone = true;
        }
    }

    private StopReason StopOf(bool hasCalls) => _stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" => StopReason.OutputLimit,
        "refusal" => StopReason.Refusal,
        _ when hasCalls => StopReason.ToolCalls,
        "end_turn" or "stop_sequence" or "tool_use" => StopReason.EndOfTurn,
        _ => StopReason.Unknown,
    };

    private void Start(JsonElement message)
    {
        var id = Text(message, "id");
        var isEcho = _blocks.Count == 0 && string.Equals(_messageId, id, StringComparison.Ordinal);
        Demand(_messageId is null || isEcho);
        _messageId = id;
        _model = Text(message, "model");

        if (message.TryGetProperty("usage", out var usage))
        {
            Count(usage);
        }
    }

    private void Open(int index, JsonElement start)
    {
        Demand(_messageId is not null && !_blocks.ContainsKey(index));

        if (_blocks.Count == BlocksMax)
        {
            throw CallFailures.TooMany(BlocksMax, "parts");
        }

        var block = new AnthropicBlock(start);
        _meter.Add(block.InitialText);
        _blocks.Add(index, block);

        if (block.CallName.Length > 0)
        {
            onDelta?.Invoke(new ModelDelta(ModelDeltaKind.ToolCall, block.CallName));
        }
        else if (block.InitialText.Length > 0)
        {
            Tell(block, block.InitialText);
        }
    }

    private void Grow(int index, JsonElement delta)
    {
        Demand(_blocks.ContainsKey(index));
        var block = _blocks[index];
        _meter.Add(Text(delta, "text") + Text(delta, "thinking") + Text(delta, "partial_json"));

        switch (Text(delta, "type"))
        {
            case "text_delta":
                block.AddText(Text(delta, "text"));
                Tell(block, Text(delta, "text"));
                break;
            case "thinking_delta":
                block.AddText(Text(delta, "thinking"));
                Tell(block, Text(delta, "thinking"));
                break;
            case "signature_delta":
                block.AddSignature(Text(delta, "signature"));
                break;
            case "input_json_delta":
                block.AddJson(Text(delta, "partial_json"));
                break;
        }
    }

    private void Tell(AnthropicBlock block, string text)
    {
        if (text.Length > 0 && (block.IsText || block.IsThinking))
        {
            onDelta?.Invoke(new ModelDelta(block.IsText ? ModelDeltaKind.Text : ModelDeltaKind.Reasoning, text));
        }
    }

    private void End(JsonElement root)
    {
        if (root.TryGetProperty("delta", out var delta) && Text(delta, "stop_reason") is { Length: > 0 } reason)
        {
            _stopReason = reason;
        }

        if (root.TryGetProperty("usage", out var usage))
        {
            Count(usage);
        }
    }

    // Each report is cumulative and leaves out what it has nothing new to say about.
    private void Count(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _hasUsage = true;
        _inputTokens = Number(usage, "input_tokens") ?? _inputTokens;
        _cacheReads = Number(usage, "cache_read_input_tokens") ?? _cacheReads;
        _cacheWrites = Number(usage, "cache_creation_input_tokens") ?? _cacheWrites;
        _outputTokens = Number(usage, "output_tokens") ?? _outputTokens;
    }

    private static long? Number(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? Math.Max(number, 0) : null;
}
