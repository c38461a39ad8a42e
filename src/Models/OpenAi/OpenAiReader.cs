using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;
using Reeve.Models.Streams;

namespace Reeve.Models.OpenAi;

/// <summary>Reads a chat completion, streamed or whole, with the differences between the servers that speak
/// it.</summary>
/// <remarks>
/// Complete is what carried a finish reason or was closed with <c>[DONE]</c>. Tool calls that are there count, whatever
/// the finish reason says, unless the output limit cut the reply.
/// </remarks>
internal sealed class OpenAiReader : IReplyReader
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly OutputMeter _meter;
    private readonly ToolCallAssembler _calls;
    private readonly ThinkTags _think;
    private readonly ModelRequest _request;
    private readonly Action<ModelDelta>? _onDelta;
    private readonly bool _readsTextCalls;
    private string _finishReason = string.Empty;
    private string _model = string.Empty;
    private Usage? _usage;
    private bool _hasRefusal;

    public OpenAiReader(ModelRequest request, Action<ModelDelta>? onDelta, bool readsTextCalls)
    {
        _request = request;
        _meter = new OutputMeter(request.OutputTokensMax);
        _onDelta = onDelta;
        _readsTextCalls = readsTextCalls;
        _think = new ThinkTags(Say);
        _calls = new ToolCallAssembler(name => onDelta?.Invoke(new ModelDelta(ModelDeltaKind.ToolCall, name)));
    }

    public bool IsDone { get; private set; }

    public bool IsComplete => IsDone || _finishReason.Length > 0;

    public void Read(SseEvent streamEvent)
    {
        var data = streamEvent.Data.Span.Trim(" \t"u8);

        if (data.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
        }
        else if (!data.IsEmpty)
        {
            using var document = JsonDocument.Parse(streamEvent.Data);
            ReadChunk(document.RootElement, isWhole: false);
            CutIfOver();
        }
    }

    public void ReadWhole(JsonElement document)
    {
        ReadChunk(document, isWhole: true);
        CutIfOver();

        if (_finishReason.Length == 0 && _text.Length == 0 && _reasoning.Length == 0 && _calls.IsEmpty)
        {
            throw CallFailures.MalformedDocument();
        }

        IsDone = true;
    }

    public ModelReply Finish()
    {
        if (!IsComplete)
        {
            throw CallFailures.Truncated();
        }

        _think.Finish();
        var text = _text.ToString();
        IReadOnlyList<ToolCallPart> calls = [.. _calls.Finish()];

        if (calls.Count == 0 && _readsTextCalls && _request.Tools.Count > 0)
        {
            (text, calls) = TextToolCalls.Extract(text, _request.Tools);
        }

        var parts = ImmutableArray.CreateBuilder<MessagePart>();

        if (_reasoning.Length > 0)
        {
            parts.Add(new ReasoningPart(_reasoning.ToString(), ProviderData: string.Empty));
        }

        if (text.Length > 0)
        {
            parts.Add(new TextPart(text));
        }

        parts.AddRange(calls);

        return new ModelReply(
            new Message(MessageRole.Assistant, parts.DrainToImmutable()), StopOf(calls.Count > 0), _usage, _model);
    }

    private void CutIfOver()
    {
        if (_meter.IsOver)
        {
            _finishReason = "length";
            IsDone = true;
        }
    }

    private StopReason StopOf(bool hasCalls) => _finishReason switch
    {
        "length" or "max_tokens" => StopReason.OutputLimit,
        "content_filter" => StopReason.ContentFilter,
        "error" => throw CallFailures.Truncated(),
        _ when hasCalls => StopReason.ToolCalls,
        _ when _hasRefusal => StopReason.Refusal,
        "stop" or "eos" or "end_turn" or "tool_calls" or "function_call" => StopReason.EndOfTurn,
        _ => StopReason.Unknown,
    };

    private void ReadChunk(JsonElement chunk, bool isWhole)
    {
        if (chunk.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException();
        }

        if (chunk.TryGetProperty("error", out var error) && error.ValueKind is not JsonValueKind.Null)
        {
            throw ProviderErrors.MapInStream(error);
        }

        if (chunk.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String)
        {
            _model = model.GetString()!;
        }

        ReadUsage(chunk);

        if (!chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray().Where(IsFirst))
        {
            ReadChoice(choice, isWhole);
        }
    }

    // Only one answer was asked for; another one is not mixed into it.
    private static bool IsFirst(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object
        && (!choice.TryGetProperty("index", out var index) || index.ValueKind != JsonValueKind.Number
            || index.GetInt32() == 0);

    private void ReadChoice(JsonElement choice, bool isWhole)
    {
        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
        {
            _finishReason = reason.GetString()!;
        }

        // Some servers repeat the whole message beside the last delta.
        var first = isWhole ? "message" : "delta";
        var second = isWhole ? "delta" : "message";

        if ((choice.TryGetProperty(first, out var delta) && delta.ValueKind == JsonValueKind.Object)
            || (choice.TryGetProperty(second, out delta) && delta.ValueKind == JsonValueKind.Object))
        {
            ReadDelta(delta);
        }
    }

    private void ReadDelta(JsonElement delta)
    {
        foreach (var name in new[] { "reasoning_content", "reasoning", "thinking" })
        {
            if (delta.TryGetProperty(name, out var thought) && thought.ValueKind == JsonValueKind.String
                && thought.GetString() is { Length: > 0 } words)
            {
                Say(ModelDeltaKind.Reasoning, words);
                break;
            }
        }

        if (delta.TryGetProperty("content", out var content))
        {
            ReadContent(content);
        }

        if (delta.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String
            && refusal.GetString() is { Length: > 0 } excuse)
        {
            _hasRefusal = true;
            Say(ModelDeltaKind.Text, excuse);
        }

        if (delta.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var call in calls.ValueKind == JsonValueKind.Array ? [.. calls.EnumerateArray()] : OneOf(calls))
            {
                _calls.Add(call);
                _meter.Add(ArgumentsIn(call));
            }
        }

        if (delta.TryGetProperty("function_call", out var legacy) && legacy.ValueKind == JsonValueKind.Object)
        {
            _calls.AddLegacy(legacy);
            _meter.Add(ArgumentsIn(delta, "function_call"));
        }
    }

    private static string ArgumentsIn(JsonElement call, string function = "function") =>
        call.ValueKind == JsonValueKind.Object
        && call.TryGetProperty(function, out var named) && named.ValueKind == JsonValueKind.Object
        && named.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String
            ? arguments.GetString()! : string.Empty;

    private static JsonElement[] OneOf(JsonElement call) => call.ValueKind == JsonValueKind.Object ? [call] : [];

    private void ReadContent(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            _think.Add(content.GetString()!);
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var part in content.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.Object))
        {
            if (part.TryGetProperty("thinking", out var thought))
            {
                Say(ModelDeltaKind.Reasoning, TextIn(thought));
            }
            else if (part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            {
                _think.Add(text.GetString()!);
            }
        }
    }

    private static string TextIn(JsonElement thought) => thought.ValueKind switch
    {
        JsonValueKind.String => thought.GetString()!,
        JsonValueKind.Array => string.Concat(
            thought.EnumerateArray().Select(
                part => part.TryGetProperty("text", out var text) ? text.GetString() : string.Empty)),
        _ => string.Empty,
    };

    private void ReadUsage(JsonElement chunk)
    {
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            var (input, output) = (Count(usage, "prompt_tokens"), Count(usage, "completion_tokens"));
            var reasoning = Detail(usage, "completion_tokens_details", "reasoning_tokens");

            // Some servers leave the reasoning out of the output; the total then tells.
            var isApart = reasoning > 0 && Count(usage, "total_tokens") == input + output + reasoning;
            _usage = new Usage(
                input,
                isApart ? output + reasoning : output,
                Detail(usage, "prompt_tokens_details", "cached_tokens"),
                reasoning);
        }
        else if (_usage is null && chunk.TryGetProperty("x_groq", out var own) && own.ValueKind == JsonValueKind.Object)
        {
            ReadUsage(own);
        }
    }

    private static long Detail(JsonElement usage, string group, string name) =>
        usage.TryGetProperty(group, out var details) ? Count(details, name) : 0;

    private static long Count(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count > 0 ? count : 0;

    private void Say(ModelDeltaKind kind, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        (kind == ModelDeltaKind.Reasoning ? _reasoning : _text).Append(text);
        _meter.Add(text);
        _onDelta?.Invoke(new ModelDelta(kind, text));
    }
}
