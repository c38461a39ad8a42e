using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.Scripted;

/// <summary>Chat completions, as a server words them.</summary>
internal sealed class ScriptedOpenAi : ScriptedDialect
{
    public override IEnumerable<string> Stream(ScriptedContext context)
    {
        yield return Delta(context, writer => writer.WriteString("role", "assistant"));

        foreach (var piece in ScriptPieces.Of(context.Reply.Reasoning, context.Turn.DeltaCharacters))
        {
            yield return Delta(context, writer => writer.WriteString("reasoning_content", piece));
        }

        foreach (var piece in ScriptPieces.Of(context.Reply.Text, context.Turn.DeltaCharacters))
        {
            yield return Delta(context, writer => writer.WriteString("content", piece));
        }

        var times = context.Turn.DuplicateDeltas ? 2 : 1;

        for (var index = 0; index < context.Reply.Calls.Length; index++)
        {
            var opening = CallDelta(context, index, context.Reply.Calls[index], arguments: string.Empty);

            for (var time = 0; time < times; time++)
            {
                yield return opening;
            }
        }

        foreach (var (index, piece) in ArgumentPieces(context))
        {
            yield return CallDelta(context, index, call: null, piece);
        }

        for (var index = 0; index < context.Reply.Calls.Length && times > 1; index++)
        {
            // Nobody could tell an echo of what is no JSON from its second half.
            if (JsonText.IsJson(context.Reply.Calls[index].Arguments))
            {
                yield return CallDelta(context, index, call: null, context.Reply.Calls[index].Arguments);
            }
        }

        yield return Chunk(context, writer => WriteChoice(
            writer, delta: _ => { }, WordOf(context.Reply.Stop)));

        if (context is { AsksForUsage: true, Reply.Usage: { } usage })
        {
            yield return Chunk(context, writer =>
            {
                writer.WriteStartArray("choices");
                writer.WriteEndArray();
                WriteUsage(writer, usage);
            });
        }

        for (var time = 0; time < times; time++)
        {
            yield return "data: [DONE]\n\n";
        }
    }

    public override byte[] Whole(ScriptedContext context) => Bytes(writer =>
    {
        WriteHead(writer, context, "chat.completion");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", context.Reply.Text);

        if (context.Reply.Reasoning.Length > 0)
        {
            writer.WriteString("reasoning_content", context.Reply.Reasoning);
        }

        if (context.Reply.Calls.Length > 0)
        {
            writer.WriteStartArray("tool_calls");

            for (var index = 0; index < context.Reply.Calls.Length; index++)
            {
                WriteCall(writer, index, context.Reply.Calls[index], context.Reply.Calls[index].Arguments);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteString("finish_reason", WordOf(context.Reply.Stop));
        writer.WriteEndObject();
        writer.WriteEndArray();

        if (context.Reply.Usage is { } usage)
        {
            WriteUsage(writer, usage);
        }
    });

    public override byte[] Error(int status) => Bytes(writer => WriteError(writer, status));

    public override string StreamError() => Data(writer => WriteError(writer, 529));

    private static void WriteError(Utf8JsonWriter writer, int status)
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", "scripted");
        writer.WriteString("type", ScriptedErrors.TypeOf(status));
        writer.WriteEndObject();
    }

    private static string WordOf(StopReason stop) => stop switch
    {
        StopReason.ToolCalls => "tool_calls",
        StopReason.OutputLimit => "length",
        StopReason.ContentFilter => "content_filter",
        _ => "stop",
    };

    private static string Chunk(ScriptedContext context, Action<Utf8JsonWriter> write) => Data(writer =>
    {
        WriteHead(writer, context, "chat.completion.chunk");
        write(writer);
    });

    private static string Delta(ScriptedContext context, Action<Utf8JsonWriter> write) =>
        Chunk(context, writer => WriteChoice(writer, write, finishReason: null));

    private static string CallDelta(ScriptedContext context, int index, ToolCallPart? call, string arguments) =>
        Delta(context, writer =>
        {
            writer.WriteStartArray("tool_calls");
            WriteCall(writer, index, call, arguments);
            writer.WriteEndArray();
        });

    private static void WriteCall(Utf8JsonWriter writer, int index, ToolCallPart? call, string arguments)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", index);

        if (call is not null)
        {
            writer.WriteString("id", call.Id);
            writer.WriteString("type", "function");
        }

        writer.WriteStartObject("function");

        if (call is not null)
        {
            writer.WriteString("name", call.Name);
        }

        writer.WriteString("arguments", arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, Action<Utf8JsonWriter> delta, string? finishReason)
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("delta");
        delta(writer);
        writer.WriteEndObject();
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteHead(Utf8JsonWriter writer, ScriptedContext context, string kind)
    {
        writer.WriteString("id", $"scripted-{context.Index}");
        writer.WriteString("object", kind);
        writer.WriteNumber("created", 0);
        writer.WriteString("model", context.Model);
    }

    private static void WriteUsage(Utf8JsonWriter writer, Usage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.InputTokens);
        writer.WriteNumber("completion_tokens", usage.OutputTokens);
        writer.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CachedInputTokens);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
