using System.Buffers;
using System.Text;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Doors.Network;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Anthropic;
using Reeve.Models.Exchange;
using Reeve.Models.OpenAi;
using Reeve.Models.Scripted;
using Reeve.Tools;

namespace Reeve.Fuzz;

/// <summary>Every entrance where bytes from outside are read first.</summary>
public static class FuzzTargets
{
    private static readonly PolicyEngine s_gate = new(Mandate.Default("fuzz", "fuzz", canAsk: true) with
    {
        Rules =
        [
            RuleSyntax.Parse("Bash(git push:*)", Decision.Deny, RuleTier.User),
            RuleSyntax.Parse("Read(.env)", Decision.Deny, RuleTier.User),
            RuleSyntax.Parse("Edit(src/**)", Decision.Ask, RuleTier.User),
        ],
    });

    private static readonly string s_entry = Convert.ToHexString(EventEnvelope.Encode(Sample()));

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("paths", ["src/a.cs", "./a/../b", "/etc/passwd", "a//b/", "."], text =>
            s_gate.Decide("read", [new Effect(EffectKind.ReadFile, text)])),
        new("commands", ["git push origin main", "a && b || c; d | e", "x=$(y `z`) \"q\" 'r'", "cat <<EOF\nhi\nEOF"], text =>
            s_gate.Decide("shell", [new Effect(EffectKind.RunCommand, text)])),
        new("rules", ["Bash(git push:*)", "Read(src/**)", "WebFetch(domain:*.example.com)", "mcp__a__b"], text =>
            RuleSyntax.Parse(text, Decision.Allow, RuleTier.User)),
        new("urls", ["https://example.com/a?b#c", "http://127.0.0.1:80/", "http://[::1]/", "//x@y:z"], text =>
            NetCheck.Evaluate(text)),
        new("arguments", ["""{"path":"a.txt"}""", """{"command":"ls","timeoutSeconds":5}""", """{"pattern":"a.*b"}"""], Arguments),
        new("mandates", [Encoding.UTF8.GetString(Mandate.Default("a", "b", canAsk: true).ToJson())], text =>
            Mandate.FromJson(Encoding.UTF8.GetBytes(text))),
        new("journal", [s_entry], text => EventEnvelope.Decode(Bytes(text))),
        new("configuration", ["model: openai/x\nlimits:\n  turns: 3\n", "permissions:\n  rules:\n    deny: [\"Read(.env)\"]\n"], Configure),
        new("scripts", ["""{"schema":1,"turns":[{"reply":{"text":"a"}}]}"""], text => Script.Parse(Encoding.UTF8.GetBytes(text))),
        new("redaction", ["AKIAIOSFODNN7EXAMPLE x", "password=\"hunter2hunter2\"", "-----BEGIN PRIVATE KEY-----\nMII\n"], Redact),
        new("chat-stream", [ChatStream], text => Ask(reach => new OpenAiModel(Endpoint("openai-compatible"), "m", reach, TimeProvider.System), text)),
        new("messages-stream", [MessagesStream], text => Ask(reach => new AnthropicModel(Endpoint("anthropic"), "m", reach, TimeProvider.System), text)),
    ];

    private const string ChatStream =
        "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":"
        + "{\"name\":\"read\",\"arguments\":\"{}\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},"
        + "\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n";

    private const string MessagesStream =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static void Arguments(string text)
    {
        using var arguments = TryParse(text);

        if (arguments is null)
        {
            return;
        }

        foreach (var tool in BuiltInTools.All)
        {
            _ = new FuzzTarget(tool.Spec.Name, [text], _ => tool.EffectsOf(arguments.RootElement)).Run(0, 1) is { } failure
                ? throw new InvalidOperationException(failure) : true;
        }
    }

    private static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }

    // Whole and in pieces, what is taken out is the same.
    private static void Redact(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var pieces = new ArrayBufferWriter<byte>();
        var stream = Redactor.Default.Stream();

        foreach (var piece in bytes.Chunk(7))
        {
            stream.Push(piece, pieces);
        }

        stream.Flush(pieces);

        if (!pieces.WrittenSpan.SequenceEqual(Redactor.Default.Redact(bytes)))
        {
            throw new InvalidOperationException("In pieces something else was redacted than at once.");
        }
    }

    private static void Configure(string text) => SettingsLoader.Load(new SettingsSources(
        [new ConfigurationText("file", text)], new Dictionary<string, string> { ["HOME"] = "/home/x" }, []));

    private static byte[] Bytes(string hex)
    {
        var digits = new string([.. hex.Where(char.IsAsciiHexDigit)]);
        return Convert.FromHexString(digits.AsSpan(0, digits.Length / 2 * 2));
    }

    private static ModelEndpoint Endpoint(string provider) => new(provider, "http://models.example.com", new ApiKey("key"));

    private static void Ask(Func<IReach, IModel> model, string stream)
    {
        var request = new ModelRequest("s", [Message.OfUser("go")], [], 100, "fuzz.1");
        var reply = model(new OneAnswer(stream)).CallAsync(request, onDelta: null, CancellationToken.None);

        // The answer is in memory, so the call has ended when it returns.
        reply.GetAwaiter().GetResult();
    }

    private static RunEvent Sample() => new(
        Kernel.Principals.TenantId.Local, new RunId(1), 1, 0, DateTimeOffset.UnixEpoch, new Actor(ActorKind.Principal, "a", "b"), 0,
        null, default, default, [PayloadRef.Parse(new string('a', 64))], new Kernel.Journal.Events.CancelRequested(PayloadRef.Parse(new string('a', 64))),
        ChainHash.Genesis, default);

    private sealed class OneAnswer(string body) : IReach
    {
        public Task<ReachResponse> SendAsync(ReachRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new ReachResponse(
                200, new Dictionary<string, string> { ["content-type"] = "text/event-stream" },
                new MemoryStream(Encoding.UTF8.GetBytes(body))));
    }
}
