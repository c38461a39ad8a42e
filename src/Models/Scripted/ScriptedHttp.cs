using System.Collections.Concurrent;
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

    // Replies that differ in nothing are worded once; longer ones are rare enough to be worded again.
    private const int KnownMax = 4_096;
    private const int KnownBytesMax = 16 * 1024;

    private static readonly ScriptedOpenAi s_openAi = new();
    private static readonly ScriptedAnthropic s_anthropic = new();

    private readonly ScriptPlayer _player = new(script);
    private readonly ConcurrentDictionary<Wording, ResponsePlan> _known = new();
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
            _ when resource.EndsWith("/chat/completions", StringComparison.Ordinal) => s_openAi,
            _ when resource.EndsWith("/messages", StringComparison.Ordinal) => s_anthropic,
            _ => null,
        };

        if (dialect is null || method is not "POST")
        {
            return Json(404, s_openAi.Error(404));
        }

        try
        {
            if (_player.IsPlain && ScriptRequest.Read(body) is { } request)
            {
                return Answer(dialect, request, _player.TurnAt(request.RepliesCount), body);
            }

            using var document = JsonDocument.Parse(body.ToArray());
            var view = ScriptView.OfRequest(document.RootElement);
            var found = _player.Find(view);
            return Answer(dialect, RequestOf(document.RootElement, view), found, body);
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

    private static ScriptRequest RequestOf(JsonElement request, ScriptView view) => new(
        view.RepliesCount, view.Entries.Count,
        request.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
        AsksForUsage(request));

    private ResponsePlan Answer(
        ScriptedDialect dialect, ScriptRequest request, (ScriptTurn Turn, int Index) found, ReadOnlySpan<byte> body)
    {
        var (turn, index) = found;

        if (turn.Faults.Length > 0 && ScriptPlayer.FaultOf(turn, CountAttempt(body)) is { } fault)
        {
            return fault.Kind == ScriptFaultKind.Status
                ? Refuse(dialect, turn, fault)
                : Split(Spoil(Word(dialect, request, turn, index), fault, dialect), turn.SplitBytes);
        }

        var wording = new Wording(dialect, index, request.EntriesCount, request.Streams, request.AsksForUsage);

        if (_known.TryGetValue(wording, out var known))
        {
            return known;
        }

        var plan = Split(Word(dialect, request, turn, index), turn.SplitBytes);

        // What nobody asked to see in pieces leaves as one.
        plan = turn is { SplitBytes: <= 0, LatencyMs: <= 0 } ? plan with { Pieces = [Whole(plan)] } : plan;

        if (plan.Pieces.Sum(piece => (long)piece.Length) <= KnownBytesMax && _known.Count < KnownMax)
        {
            _known.TryAdd(wording, plan);
        }

        return plan;
    }

    private static ResponsePlan Refuse(ScriptedDialect dialect, ScriptTurn turn, ScriptFault fault) =>
        Json(fault.Status, dialect.Error(fault.Status)) with
        {
            Latency = TimeSpan.FromMilliseconds(turn.LatencyMs),
            Headers = [new("content-type", "application/json"), .. ScriptedErrors.HeadersOf(fault)],
        };

    private ResponsePlan Word(ScriptedDialect dialect, ScriptRequest request, ScriptTurn turn, int index)
    {
        var reply = ScriptedReply.Of(turn.Reply, index, request.EntriesCount);
        var context = new ScriptedContext(reply, turn, script.Model ?? "scripted", index, request.AsksForUsage);
        ImmutableArray<ReadOnlyMemory<byte>> pieces = request.Streams
            ? [.. dialect.Stream(context).Select(AsBytes)]
            : [dialect.Whole(context)];

        return new ResponsePlan(
            200, [new("content-type", request.Streams ? "text/event-stream" : "application/json")],
            TimeSpan.FromMilliseconds(turn.LatencyMs), pieces, ResponseEnd.Complete);
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

        return plan with { Pieces = [.. Whole(plan).Chunk(bytes).Select(chunk => new ReadOnlyMemory<byte>(chunk))] };
    }

    private static byte[] Whole(ResponsePlan plan)
    {
        var whole = new byte[plan.Pieces.Sum(piece => piece.Length)];
        var filled = 0;

        foreach (var piece in plan.Pieces)
        {
            piece.CopyTo(whole.AsMemory(filled));
            filled += piece.Length;
        }

        return whole;
    }

    private static ReadOnlyMemory<byte> AsBytes(string text) => Encoding.UTF8.GetBytes(text);

    private static bool AsksForUsage(JsonElement request) =>
        request.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var asks) && asks.ValueKind == JsonValueKind.True;

    private int CountAttempt(ReadOnlySpan<byte> body)
    {
        var digest = Convert.ToHexString(SHA256.HashData(body));

        lock (_lock)
        {
            if (_attempts.Count >= ConversationsMax && !_attempts.ContainsKey(digest))
            {
                _attempts.Clear();
            }

            return _attempts[digest] = _attempts.GetValueOrDefault(digest) + 1;
        }
    }

    // Everything that a reply without a fault follows from.
    private readonly record struct Wording(
        ScriptedDialect Dialect, int Index, int EntriesCount, bool Streams, bool AsksForUsage);
}
