using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Cli.Commands.ModelServe;
using Reeve.Doors.Network;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;
using Reeve.Models.Scripted;
using Reeve.Models.Selection;
using Xunit;

namespace Reeve.Tests.Scenarios.Models;

/// <summary>The adapters against a scripted server over real HTTP, in both dialects.</summary>
public sealed class ScriptedServerTests
{
    private const string TwoCalls = """
        { "schema": 1, "model": "m1", "turns": [
          { "split_bytes": 3, "delta_characters": 2, "interleave": true, "duplicate_deltas": true,
            "reply": { "text": "I look at both — 日本 😀.", "reasoning": "Both at once.",
              "calls": [ { "name": "read", "arguments": { "path": "a.txt" } },
                         { "name": "read", "raw": "{\"path\": " } ],
              "usage": { "input": 120, "output": 30, "cached": 100 } } },
          { "when": { "last_result_contains": "missing" }, "reply": { "text": "It is missing." } },
          { "reply": { "text": "All good.", "no_usage": true } } ] }
        """;

    public static TheoryData<string> Dialects => ["openai", "anthropic"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Dialects))]
    [Trait("Req", "MODEL-1")]
    [Trait("Req", "MODEL-6")]
    public async Task Interleaved_calls_cut_at_any_byte_arrive_as_they_were_written(string dialect)
    {
        await using var table = await TableAsync(TwoCalls, dialect);

        var reply = await table.Model.CallAsync(Request(Message.OfUser("go")), onDelta: null, Stop);

        Assert.Equal("I look at both — 日本 😀.", reply.Message.Text);
        Assert.Equal("Both at once.", Assert.Single(reply.Message.Parts.OfType<ReasoningPart>()).Text);
        Assert.Equal(
            [("read", """{ "path": "a.txt" }"""), ("read", "{\"path\": ")],
            reply.Message.ToolCalls.Select(call => (call.Name, call.Arguments)));
        Assert.Equal(StopReason.ToolCalls, reply.Stop);
        Assert.Equal(new Usage(120, 30, 100), reply.Usage);
        Assert.Equal("m1", reply.RespondingModel);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    [Trait("Req", "MODEL-6")]
    public async Task The_conversation_alone_says_where_the_script_stands(string dialect)
    {
        var first = new Message(MessageRole.Assistant, [new ToolCallPart("a", "read", "{}")]);
        var result = new Message(MessageRole.Tool, [new ToolResultPart("a", "file is missing", IsError: true)]);
        var second = new Message(MessageRole.Assistant, [new TextPart("It is missing.")]);

        await using (var table = await TableAsync(TwoCalls, dialect))
        {
            var reply = await table.Model.CallAsync(Request(Message.OfUser("go"), first, result), onDelta: null, Stop);
            Assert.Equal("It is missing.", reply.Message.Text);
        }

        // A server that was never asked before finds the same place.
        await using (var table = await TableAsync(TwoCalls, dialect))
        {
            var reply = await table.Model.CallAsync(
                Request(Message.OfUser("go"), first, result, second, Message.OfUser("and?")), onDelta: null, Stop);
            Assert.Equal("All good.", reply.Message.Text);
            Assert.True(reply.Usage is null or { OutputTokens: 0 });
        }
    }

    [Theory]
    [InlineData("""{ "kind": "status", "status": 429, "retry_after_seconds": 0.01 }""", "model.rate_limited", true)]
    [InlineData("""{ "kind": "status", "status": 500 }""", "model.server_error", true)]
    [InlineData("""{ "kind": "status", "status": 529 }""", "model.overloaded", true)]
    [InlineData("""{ "kind": "status", "status": 401 }""", "model.authentication", false)]
    [InlineData("""{ "kind": "status", "status": 404 }""", "model.not_found", false)]
    [InlineData("""{ "kind": "status", "status": 400 }""", "model.invalid_request", false)]
    [InlineData("""{ "kind": "cut", "after_bytes": 200 }""", "model.truncated", true)]
    [InlineData("""{ "kind": "malformed" }""", "model.malformed", true)]
    [InlineData("""{ "kind": "stream_error" }""", "model.overloaded", true)]
    [InlineData("""{ "kind": "silence", "after_bytes": 200 }""", "model.silent", true)]
    [Trait("Req", "MODEL-2")]
    [Trait("Req", "MODEL-3")]
    public async Task A_fault_has_its_code_in_both_dialects_and_in_process_and_then_passes(
        string fault, string code, bool isRetryable)
    {
        var script = $$"""
            { "schema": 1, "turns": [ { "faults": [ {{fault.TrimEnd('}', ' ')}}, "attempts": 1 } ],
              "reply": { "text": "{{new string('a', 500)}}" } } ] }
            """;

        foreach (var dialect in Dialects)
        {
            await using var table = await TableAsync(script, dialect);
            var request = Request(Message.OfUser("go"));

            var failure = await Assert.ThrowsAsync<ModelCallException>(
                () => table.Model.CallAsync(request, onDelta: null, Stop));
            Assert.Equal((code, isRetryable), (failure.Problem.Code, failure.Problem.IsRetryable));
            Assert.True(failure.WasSent);

            Assert.Equal(500, (await table.Model.CallAsync(request, onDelta: null, Stop)).Message.Text.Length);
        }
    }

    [Fact]
    [Trait("Req", "MODEL-6")]
    public async Task A_recording_replays_what_was_said()
    {
        await using var table = await TableAsync(TwoCalls, "openai");
        var recording = new RecordingModel(table.Model);
        var original = await TalkAsync(recording);

        var script = Script.Parse(recording.ToScript().ToJson());
        var replayed = await TalkAsync(new ScriptedModel(script, "recorded", TimeProvider.System));

        Assert.Equal(original, replayed);
        Assert.Equal(2, script.Turns.Length);
    }

    [Fact]
    [Trait("Req", "MODEL-1")]
    public async Task A_server_that_answers_without_streaming_is_understood()
    {
        var script = Script.Parse(
            """{ "schema": 1, "turns": [ { "reply": { "text": "whole", "calls": [ { "name": "read" } ] } } ] }"""u8);

        foreach (var (path, body) in new[]
        {
            ("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}"""),
            ("/v1/messages", """{"messages":[{"role":"user","content":"x"}]}"""),
        })
        {
            var plan = new ScriptedHttp(script).Respond("POST", path, System.Text.Encoding.UTF8.GetBytes(body));
            var model = Factory(new FixedReach(plan), "http://127.0.0.1:1").Create(
                ModelSelection.Parse(path.EndsWith("messages", StringComparison.Ordinal) ? "anthropic/m" : "openai/m"));

            var reply = await model.CallAsync(Request(Message.OfUser("x")), onDelta: null, Stop);

            Assert.Equal("whole", reply.Message.Text);
            Assert.Equal("{}", Assert.Single(reply.Message.ToolCalls).Arguments);
        }
    }

    [Fact]
    public async Task The_server_lists_its_model()
    {
        await using var server = await ModelServer.StartAsync(
            Script.Parse("""{ "schema": 1, "model": "m1", "turns": [] }"""u8), System.Net.IPAddress.Loopback, port: 0,
            TimeProvider.System, Stop);
        using var client = new HttpClient();

        using var list = JsonDocument.Parse(await client.GetStringAsync(server.Url + "/v1/models", Stop));

        Assert.Equal("m1", list.RootElement.GetProperty("data")[0].GetProperty("id").GetString());
    }

    private static ModelRequest Request(params IReadOnlyList<Message> messages) => new(
        "You are a test.", messages,
        [new ToolDescription("read", "Reads.", JsonDocument.Parse("""{"type":"object"}""").RootElement)],
            1_000, "run/1");

    private static async Task<string> TalkAsync(IModel model)
    {
        var user = Message.OfUser("go");
        var first = await model.CallAsync(Request(user), onDelta: null, Stop);
        var results = new Message(
            MessageRole.Tool,
            [.. first.Message.ToolCalls.Select(call => new ToolResultPart(call.Id, "missing", IsError: true))]);
        var second = await model.CallAsync(Request(user, first.Message, results), onDelta: null, Stop);

        return string.Join(
            '\n',
            new[] { first, second }.Select(reply =>
                $"{string.Join('|', reply.Message.Parts)} {reply.Stop} {reply.Usage}"));
    }

    private static ModelFactory Factory(IReach reach, string url) => new(
        new ModelOptions(url, new ApiKey("key"), url, new ApiKey("key"))
        {
            Timeouts = ModelTimeouts.Default with { SilenceMax = TimeSpan.FromMilliseconds(500) },
        },
        reach, _ => [], TimeProvider.System);

    private static async Task<Table> TableAsync(string script, string dialect)
    {
        var server = await ModelServer.StartAsync(
            Script.Parse(System.Text.Encoding.UTF8.GetBytes(script)), System.Net.IPAddress.Loopback, port: 0,
            TimeProvider.System, Stop);
        var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);

        return new Table(server, http, Factory(http, server.Url).Create(ModelSelection.Parse($"{dialect}/m1")));
    }

    private sealed record Table(ModelServer Server, PinnedHttp Http, IModel Model) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return Server.DisposeAsync();
        }
    }

    private sealed class FixedReach(ResponsePlan plan) : IReach
    {
        public Task<ReachResponse> SendAsync(ReachRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new ReachResponse(
                plan.Status,
                plan.Headers.ToDictionary(header => header.Key, header => header.Value),
                new MemoryStream(plan.Pieces.SelectMany(piece => piece.ToArray()).ToArray())));
    }
}
