using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Models.Exchange;

namespace Reeve.Models.Scripted;

/// <summary>Messages, as a server words them.</summary>
internal sealed class ScriptedAnthropic : ScriptedDialect
{
    private const string Signature = "scripted-signature";

    public override IEnumerable<string> Stream(ScriptedContext context)
    {
        var start = Event("message_start", writer =>
        {
            writer.WriteStartObject("message");
            WriteMessage(writer, context, isWhole: false);
            writer.WriteEndObject();
        });

        yield return start;
        yield return context.Turn.DuplicateDeltas ? start : Event("ping", _ => { });

        var block = 0;

        if (context.Reply.Reasoning.Length > 0)
        {
            yield return Open(block, "thinking", writer => writer.WriteString("thinking", string.Empty));

            foreach (var piece in ScriptPieces.Of(context.Reply.Reasoning, context.Turn.DeltaCharacters))
            {
                yield return Delta(block, "thinking_delta", "thinking", piece);
            }

            yield return Delta(block, "signature_delta", "signature", Signature);
            yield return Close(block++);
        }

        if (context.Reply.Text.Length > 0)
        {
            yield return Open(block, "text", writer => writer.WriteString("text", string.Empty));

            foreach (var piece in ScriptPieces.Of(context.Reply.Text, context.Turn.DeltaCharacters))
            {
                yield return Delta(block, "text_delta", "text", piece);
            }

            yield return Close(block++);
        }

        foreach (var part in Calls(context, block))
        {
            yield return part;
        }

        yield return Event("message_delta", writer =>
        {
            writer.WriteStartObject("delta");
            writer.WriteString("stop_reason", WordOf(context.Reply.Stop));
            writer.WriteEndObject();

            if (context.Reply.Usage is { } usage)
            {
                writer.WriteStartObject("usage");
                writer.WriteNumber("output_tokens", usage.OutputTokens);
                writer.WriteEndObject();
            }
        });
        yield return Event("message_stop", _ => { });
    }

    public override byte[] Whole(ScriptedContext context) =>
        Bytes(writer => WriteMessage(writer, context, isWhole: true));

    public override byte[] Error(int status) => Bytes(writer => WriteError(writer, status));

    public override string StreamError() => "event: error\n" + Data(writer => WriteError(writer, 529));

    private static IEnumerable<string> Calls(ScriptedContext context, int firstBlock)
    {
        var calls = context.Reply.Calls;

        for (var index = 0; index < calls.Length; index++)
        {
            var call = calls[index];
            yield return Open(firstBlock + index, "tool_use", writer =>
            {
                writer.WriteString("id", call.Id);
                writer.WriteString("name", call.Name);
                writer.WriteStartObject("input");
                writer.WriteEndObject();
            });
        }

        foreach (var (index, piece) in ArgumentPieces(context))
        {
            yield return Delta(firstBlock + index, "input_json_delta", "partial_json", piece);
        }

        for (var index = 0; index < calls.Length; index++)
        {
            yield return Close(firstBlock + index);
        }
    }

    private static string Event(string type, Action<Utf8JsonWriter> write) => $"event: {type}\n" + Data(writer =>
    {
        writer.WriteString("type", type);
        write(writer);
    });

    private static string Open(int index, string type, Action<Utf8JsonWriter> write) =>
        Event("content_block_start", writer =>
        {
            writer.WriteNumber("index", index);
            writer.WriteStartObject("content_block");
            writer.WriteString("type", type);
            write(writer);
            writer.WriteEndObject();
        });

    private static string Delta(int index, string type, string name, string piece) =>
        Event("content_block_delta", writer =>
        {
            writer.WriteNumber("index", index);
            writer.WriteStartObject("delta");
            writer.WriteString("type", type);
            writer.WriteString(name, piece);
            writer.WriteEndObject();
        });

    private static string Close(int index) =>
        Event("content_block_stop", writer => writer.WriteNumber("index", index));

    private static void WriteError(Utf8JsonWriter writer, int status)
    {
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", ScriptedErrors.TypeOf(status));
        writer.WriteString("message", "scripted");
        writer.WriteEndObject();
    }

    private static string WordOf(StopReason stop) => stop switch
    {
        StopReason.ToolCalls => "tool_use",
        StopReason.OutputLimit => "max_tokens",
        StopReason.Refusal or StopReason.ContentFilter => "refusal",
        _ => "end_turn",
    };

    private static void WriteMessage(Utf8JsonWriter writer, ScriptedContext context, bool isWhole)
    {
        writer.WriteString("id", $"msg_scripted_{context.Index}");
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", context.Model);
        writer.WriteStartArray("content");

        if (isWhole)
        {
            WriteBlocks(writer, context.Reply);
        }

        writer.WriteEndArray();
        writer.WriteString("stop_reason", isWhole ? WordOf(context.Reply.Stop) : null);

        if (context.Reply.Usage is { } usage)
        {
            writer.WriteStartObject("usage");
            writer.WriteNumber("input_tokens", usage.InputTokens - usage.CachedInputTokens);
            writer.WriteNumber("cache_read_input_tokens", usage.CachedInputTokens);
            writer.WriteNumber("output_tokens", isWhole ? usage.OutputTokens : 1);
            writer.WriteEndObject();
        }
    }

    private static void WriteBlocks(Utf8JsonWriter writer, ScriptedReply reply)
    {
        if (reply.Reasoning.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "thinking");
            writer.WriteString("thinking", reply.Reasoning);
            writer.WriteString("signature", Signature);
            writer.WriteEndObject();
        }

        if (reply.Text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", reply.Text);
            writer.WriteEndObject();
        }

        foreach (var call in reply.Calls)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "tool_use");
            writer.WriteString("id", call.Id);
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("input");
            JsonText.WriteArguments(writer, call.Arguments);
            writer.WriteEndObject();
        }
    }
}
