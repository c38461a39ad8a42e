using System.Text;
using System.Text.Json;
using Reeve.Doors.Network;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;
using Reeve.Models.Scripted;
using Reeve.Models.Selection;
using Reeve.Tests.Adversarial.Network;
using Xunit;

namespace Reeve.Tests.Adversarial.Models;

/// <summary>Model servers that lie, stall, flood or stop in the middle.</summary>
public sealed class HostileModelServerTests
{
    private static readonly byte[] s_script = Encoding.UTF8.GetBytes("""
        { "schema": 1, "turns": [ { "delta_characters": 9, "interleave": true, "reply": { "text": "déjà vu",
          "calls": [ { "name": "read", "arguments": {"path":"a"} },
            { "name": "shell", "arguments": {"command":"ls"} } ],
          "usage": { "input": 7, "output": 9 } } } ] }
        """);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai", "/v1/chat/completions")]
    [InlineData("anthropic", "/v1/messages")]
    [Trait("Req", "MODEL-2")]
    public async Task A_stream_cut_at_any_byte_is_the_whole_reply_or_none(string dialect, string path)
    {
        var stream = StreamOf(path);
        var cut = 0;
        await using var server = new RawServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync(Head("text/event-stream"), stop);
            await connection.WriteAsync(stream.AsMemory(0, cut), stop);
        });

        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);
        var model = ModelAt(http, server.Url, dialect);
        cut = stream.Length;
        var whole = Told(await CallAsync(model));
        var complete = 0;

        // The breaker would rightly give up on such a server, so each handful of cuts gets a client of its own.
        for (cut = 0; cut < stream.Length; cut++)
        {
            using var own = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);

            try
            {
                Assert.Equal(whole, Told(await CallAsync(ModelAt(own, server.Url, dialect))));
                complete++;
            }
            catch (ModelCallException failure)
            {
                Assert.Equal("model.truncated", failure.Problem.Code);
                Assert.True(failure.Problem.IsRetryable && failure.WasSent);
                Assert.Equal(0, complete);
            }
        }

        Assert.InRange(complete, 0, 400);
    }

    [Theory]
    [InlineData("openai", "/v1/chat/completions")]
    [InlineData("anthropic", "/v1/messages")]
    [Trait("Req", "MODEL-2")]
    public async Task A_chunked_stream_that_ends_without_its_last_chunk_is_never_a_reply(string dialect, string path)
    {
        var stream = StreamOf(path);
        var end = dialect is "openai" ? stream.AsSpan().LastIndexOf("data: [DONE]"u8) : stream.Length - 2;
        await using var server = new RawServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + $"{end:x}\r\n"), stop);
            await connection.WriteAsync(stream.AsMemory(0, end), stop);
            await connection.WriteAsync("\r\n"u8.ToArray(), stop);
        });

        Assert.Equal("model.truncated", await CodeAsync(server, dialect));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [Trait("Req", "MODEL-3")]
    public async Task Silence_ends_at_its_deadline(string dialect)
    {
        await using var mute = new RawServer(
            (_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));

        Assert.Equal("model.silent", await CodeAsync(mute, dialect));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [Trait("Req", "MODEL-3")]
    public async Task Comments_without_end_do_not_outlast_the_total_time(string dialect)
    {
        await using var server = new RawServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync(Head("text/event-stream"), stop);

            while (!stop.IsCancellationRequested)
            {
                await connection.WriteAsync(": still here\n\n"u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
            }
        });

        Assert.Equal("model.timeout", await CodeAsync(server, dialect));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [Trait("Req", "MODEL-2")]
    public async Task A_reply_without_end_is_too_large(string dialect)
    {
        await using var server = new RawServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync(Head("text/event-stream"), stop);

            while (!stop.IsCancellationRequested)
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes("data: " + new string('a', 100_000)), stop);
            }
        });

        Assert.Equal("model.reply_too_large", await CodeAsync(server, dialect));
    }

    /// <summary>It was asked for a hundred tokens and never stops; the way it goes on is the dialect's.</summary>
    [Theory]
    [InlineData("openai", "", """{"choices":[{"index":0,"delta":{"content":"word word word "}}]}""")]
    [InlineData("openai", "", """{"choices":[{"index":0,"delta":{"reasoning_content":"word word word "}}]}""")]
    [InlineData("openai",
        """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"read"}}]}}]}""",
        """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"word word "}}]}}]}""")]
    [InlineData("anthropic", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word word word "}}""")]
    [InlineData("anthropic",
        """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"read"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"word word "}}""")]
    [Trait("Req", "BUDGET-1")]
    public async Task A_reply_that_goes_on_past_its_reservation_is_cut(string dialect, string begin, string goOn)
    {
        const int TokensReserved = 100;

        var sent = 0;
        await using var server = new RawServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync(Head("text/event-stream"), stop);
            var start = dialect is "anthropic"
                ? """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":3,"output_tokens":1}}}""" : "";

            foreach (var data in new[] { start, begin }.Where(data => data.Length > 0))
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"data: {data}\n\n"), stop);
            }

            // Ends when the reader hangs up, or at what one exchange may bring at most.
            for (; sent < 20_000; sent++)
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"data: {goOn}\n\n"), stop);
            }
        });
        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);

        var reply = await CallAsync(ModelAt(http, server.Url, dialect));

        var told = reply.Message.Parts.Sum(part => part.ToString()!.Length);
        Assert.Equal(StopReason.OutputLimit, reply.Stop);
        Assert.InRange(told, TokensReserved, TokensReserved * 12);
        Assert.True(reply.Usage is null || reply.Usage.OutputTokens == TokensReserved);
    }

    [Theory]
    [InlineData("<html>Welcome</html>", "text/html", "model.malformed")]
    [InlineData("", "application/json", "model.malformed")]
    [InlineData("[]", "application/json", "model.malformed")]
    [InlineData("null", "application/json", "model.malformed")]
    [InlineData("data: {broken\n\n", "text/event-stream", "model.malformed")]
    [InlineData("data: 17\n\n", "text/event-stream", "model.malformed")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":\"x\",\"function\":7}]}}]}\n\n",
        "text/event-stream", "model.truncated")]
    [InlineData("", "text/event-stream", "model.truncated")]
    [Trait("Req", "MODEL-2")]
    public async Task Nonsense_is_no_reply(string body, string contentType, string code)
    {
        await using var server = new RawServer(RawServer.Ok(body, $"Content-Type: {contentType}\r\n"));

        Assert.Equal(code, await CodeAsync(server, "openai"));
    }

    [Fact]
    [Trait("Req", "MODEL-3")]
    public async Task A_dead_endpoint_is_named_and_costs_nothing()
    {
        var gone = new RawServer("nothing");
        var url = gone.Url;
        await gone.DisposeAsync();
        using var http = new PinnedHttp(new TrustedOrigins(url), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(ModelAt(http, url, "openai")));

        Assert.Equal("model.unreachable", failure.Problem.Code);
        Assert.False(failure.WasSent);
    }

    [Fact]
    [Trait("Req", "MODEL-2")]
    public async Task A_refused_field_is_left_out_once_and_then_for_good()
    {
        var stream = Encoding.UTF8.GetString(StreamOf("/v1/chat/completions"));
        await using var server = new RawServer((request, connection, stop) => connection.WriteAsync(
            Encoding.UTF8.GetBytes(request.Contains("\"max_completion_tokens\"", StringComparison.Ordinal)
                ? RawServer.Ok(stream, "Content-Type: text/event-stream\r\n")
                : "HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 64\r\n\r\n"
                    + "{\"error\":{\"message\":\"Unsupported parameter: max_tokens\"}}".PadRight(64)), stop).AsTask());
        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);
        var model = ModelAt(http, server.Url, "openai");

        await CallAsync(model);
        await CallAsync(model);

        Assert.Equal(3, server.Requests.Count);
    }

    private static byte[] StreamOf(string path)
    {
        var request =
            """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"go"}]}""";
        var plan = new ScriptedHttp(Script.Parse(s_script)).Respond("POST", path, Encoding.UTF8.GetBytes(request));
        return [.. plan.Pieces.SelectMany(piece => piece.ToArray())];
    }

    private static byte[] Head(string type) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n");

    private static string Told(ModelReply reply) => $"{string.Join('|', reply.Message.Parts)} {reply.Stop}";

    private static Task<ModelReply> CallAsync(IModel model) => model.CallAsync(
        new ModelRequest(
            "You are a test.", [Message.OfUser("go")],
            [new ToolDescription("read", "Reads.", JsonDocument.Parse("""{"type":"object"}""").RootElement)], 100,
                "run/1"),
        onDelta: null, Stop);

    private static async Task<string> CodeAsync(RawServer server, string dialect)
    {
        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(ModelAt(http, server.Url, dialect)));

        return failure.Problem.Code;
    }

    private static IModel ModelAt(PinnedHttp http, string url, string dialect)
    {
        var options = new ModelOptions(url, new ApiKey("key"), url, new ApiKey("key"))
        {
            Timeouts = new ModelTimeouts
            {
                FirstTokenTimeMax = TimeSpan.FromSeconds(2),
                SilenceMax = TimeSpan.FromSeconds(2),
                TotalTimeMax = TimeSpan.FromSeconds(4),
                ReplyBytesMax = 4 * 1024 * 1024,
            },
        };

        return new ModelFactory(options, http, _ => [],
            TimeProvider.System).Create(ModelSelection.Parse($"{dialect}/m"));
    }
}
