using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Reeve.Kernel.Models;

namespace Reeve.Models.Scripted;

/// <summary>A script as a model server of both dialects, without a socket: a request in, a plan of the response
/// out.</summary>
/// <remarks>
/// Where the script stands follows from the conversation in the request. Only the attempts of a turn are counted
/// here, so that a fault can be limited to the first ones: by the digest of the request, for the last
/// <see cref="ConversationsMax"/> ones.
/// </remarks>
public sealed class ScriptedHttp(Script script)
{
    public const int ConversationsMax = 4_096;

    private readonly ScriptPlayer _player = new(script);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public ResponsePlan Respond(string method, string path, ReadOnlySpan<byte> body)
    {
        var resource = path.TrimEnd('/');

        if (method is "GET" && resource.EndsWith("/models", StringComparison.Ordinal))
        {
            return Json(200, ScriptedBodies.Models(script.Model ?? "scripted"));
        }

        ScriptedDialect? dialect = resource switch
        {
            _ when resource.EndsWith("/chat/completions", StringComparison.Ordinal) => new ScriptedOpenAi(),
            _ when resource.EndsWith("/messages", StringComparison.Ordinal) => new ScriptedAnthropic(),
            _ => null,
        };

        if (dialect is null || method is not "POST")
        {
            return Json(404, new ScriptedOpenAi().Error(404));
        }

        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            return Answer(dialect, document.RootElement, Convert.ToHexString(SHA256.HashData(body)));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Json(400, dialect.Error(400));
        }
        catch (ModelCallException)
        {
            return Json(400, dialect.Error(400));
        }
    }

    private static ResponsePlan Json(int status, byte[] body) => new(
        status, [new("content-type", "application/json")], TimeSpan.Zero, [body], ResponseEnd.Complete);

    private ResponsePlan Answer(ScriptedDialect dialect, JsonElement request, string digest)
    {
        var view = ScriptView.OfRequest(request);
        var (turn, index) = _player.Find(view);
        var fault = ScriptPlayer.FaultOf(turn, CountAttempt(digest));
        var latency = TimeSpan.FromMilliseconds(turn.LatencyMs);

        if (fault is { Kind: ScriptFaultKind.Status })
        {
            return Json(fault.Status, dialect.Error(fault.Status)) with
            {
                Latency = latency,
                Headers =
                [
                    new("content-type", "application/json"), .. ScriptedErrors.HeadersOf(fault),
                ],
            };
        }

        var streams = request.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        var reply = ScriptedReply.Of(turn.Reply, index, view.Entries.Count);
        var context = new ScriptedContext(reply, turn, script.Model ?? "scripted", index, AsksForUsage(request));
        ImmutableArray<ReadOnlyMemory<byte>> pieces = streams
            ? [.. dialect.Stream(context).Select(AsBytes)]
            : [dialect.Whole(context)];
        var plan = new ResponsePlan(
            200, [new("content-type", streams ? "text/event-stream" : "application/json")], latency, pieces,
            ResponseEnd.Complete);

        return Split(fault is null ? plan : Spoil(plan, fault, dialect), turn.SplitBytes);
    }

    private static ResponsePlan Spoil(ResponsePlan plan, ScriptFault fault, ScriptedDialect dialect) =>
        fault.Kind switch
    {
        ScriptFaultKind.Cut => plan with { Pieces = Head(plan.Pieces, fault.AfterBytes), End = ResponseEnd.Abort },
        ScriptFaultKind.Silence => plan with { Pieces = Head(plan.Pieces, fault.AfterBytes), End = ResponseEnd.Hang },
        ScriptFaultKind.Malformed =>
            plan with { Pieces = [.. plan.Pieces.Take(2), AsBytes("data: {\"choices\": [{\"del\n\n")] },
        _ => plan with { Pieces = [.. plan.Pieces.Take(2), AsBytes(dialect.StreamError())] },
    };

    private static ImmutableArray<ReadOnlyMemory<byte>> Head(ImmutableArray<ReadOnlyMemory<byte>> pieces, int bytes)
    {
        var kept = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();

        foreach (var piece in pieces)
        {
            if (bytes <= 0)
            {
                break;
            }

            kept.Add(piece[..Math.Min(piece.Length, bytes)]);
            bytes -= piece.Length;
        }

        return kept.DrainToImmutable();
    }

    private static ResponsePlan Split(ResponsePlan plan, int bytes)
    {
        if (bytes <= 0)
        {
            return plan;
        }

        var all = plan.Pieces.SelectMany(piece => piece.ToArray()).ToArray();
        return plan with { Pieces = [.. all.Chunk(bytes).Select(chunk => new ReadOnlyMemory<byte>(chunk))] };
    }

    private static ReadOnlyMemory<byte> AsBytes(string text) => Encoding.UTF8.GetBytes(text);

    private static bool AsksForUsage(JsonElement request) =>
        request.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var asks) && asks.ValueKind == JsonValueKind.True;

    private int CountAttempt(string digest)
    {
        lock (_lock)
        {
            if (_attempts.Count >= ConversationsMax && !_attempts.ContainsKey(digest))
            {
                _attempts.Clear();
            }

            return _attempts[digest] = _attempts.GetValueOrDefault(digest) + 1;
        }
    }
}
