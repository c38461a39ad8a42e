using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;
using Reeve.Models.OpenAi;
using Xunit;

namespace Reeve.Tests.Unit.Models.OpenAi;

public sealed class OpenAiModelTests
{
    private const string Done = "data: [DONE]\n\n";

    [Theory]
    // By index, interleaved.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{\"p\""}},"""
        + """{"index":1,"id":"b","function":{"name":"write","arguments":"{\"q\""}}]""",
        """[{"index":1,"function":{"arguments":":2}"}},{"index":0,"function":{"arguments":":1}"}}]""",
        """a read {"p":1};b write {"q":2}""")]
    // Without an index, by id, then by being the last.
    [InlineData(
        """[{"id":"a","function":{"name":"read","arguments":"{}"}},"""
        + """{"id":"b","function":{"name":"write","arguments":"{\"q\""}}]""",
        """[{"function":{"arguments":":2}"}}]""",
        """a read {};b write {"q":2}""")]
    // Identifier and name again in every delta.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{\"p\""}}]""",
        """[{"index":0,"id":"a","function":{"name":"read","arguments":":1}"}}]""",
        """a read {"p":1}""")]
    // The same index for two calls.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{}"}}]""",
        """[{"index":0,"id":"b","function":{"name":"write","arguments":"{}"}}]""",
        """a read {};b write {}""")]
    // The whole arguments once more at the end; arguments as an object; a name that comes later.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{\"p\":1}"}}]""",
        """[{"index":0,"function":{"arguments":"{\"p\":1}"}}]""",
        """a read {"p":1}""")]
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"","arguments":""}}]""",
        """[{"index":0,"function":{"name":"read","arguments":{"p":1}}}]""",
        """a read {"p":1}""")]
    // Two calls without any identifier.
    [InlineData(
        """[{"function":{"name":"read","arguments":"{\"p\":1}"}}]""",
        """[{"function":{"name":"read","arguments":"{\"p\":2}"}}]""",
        """call_0 read {"p":1};call_1 read {"p":2}""")]
    // Two different calls that share an identifier stay two.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{\"p\":1}"}}]""",
        """[{"index":1,"id":"a","function":{"name":"read","arguments":"{\"p\":2}"}}]""",
        """a read {"p":1};a_ read {"p":2}""")]
    // Malformed arguments reach the kernel as they are.
    [InlineData(
        """[{"index":0,"id":"a","function":{"name":"read","arguments":"{\"p\""}}]""", "[]", """a read {"p" """)]
    public async Task Tool_calls_come_together_however_they_are_sent(string first, string second, string expected)
    {
        var reply = await FakeReach.OpenAiAsync(Calls(first) + Calls(second) + Finish("stop") + Done + Done);

        Assert.Equal(
            expected.Trim(),
            string.Join(';', reply.Message.ToolCalls.Select(call => $"{call.Id} {call.Name} {call.Arguments}".Trim())));
        Assert.Equal(StopReason.ToolCalls, reply.Stop);
    }

    [Fact]
    public async Task The_older_function_call_is_a_tool_call()
    {
        var reply = await FakeReach.OpenAiAsync(
            Delta("""{"function_call":{"name":"read","arguments":"{\"p\""}}""")
            + Delta("""{"function_call":{"arguments":":1}"}}""") + Finish("function_call"));

        Assert.Equal(new ToolCallPart("call_0", "read", """{"p":1}"""), Assert.Single(reply.Message.ToolCalls));
    }

    [Theory]
    [InlineData("""{"reasoning_content":"hm"}""", """{"content":"hi"}""")]
    [InlineData("""{"reasoning":"hm"}""", """{"content":"hi"}""")]
    [InlineData("""{"content":"<think>h"}""", """{"content":"m</think>hi"}""")]
    [InlineData("""{"content":"<thi"}""", """{"content":"nk>hm</think>\n\nhi"}""")]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}""",
        """{"content":[{"type":"text","text":"hi"}]}""")]
    public async Task Reasoning_is_kept_apart_from_what_was_said(string first, string second)
    {
        var deltas = new List<ModelDelta>();

        var reply = await FakeReach.OpenAiAsync(Delta(first) + Delta(second) + Finish("stop"), onDelta: deltas.Add);

        Assert.Equal([new ReasoningPart("hm", string.Empty), new TextPart("hi")], reply.Message.Parts);
        Assert.Equal("hi",
            string.Concat(deltas.Where(delta => delta.Kind == ModelDeltaKind.Text).Select(delta => delta.Text)));
    }

    [Theory]
    [InlineData("""Let me look. <tool_call>{"name":"read","arguments":{"p":1}}</tool_call>""", "Let me look.",
        """read {"p":1}""")]
    [InlineData("""<function=read>{"p":1}</function>""", "", """read {"p":1}""")]
    [InlineData(
        "<tool_call><function=read><parameter=p>\n1\n</parameter><parameter=q>\"x\n</parameter></function></tool_call>",
        "", """read {"p":1,"q":"\"x"}""")]
    [InlineData("```json\n{\"name\":\"read\",\"parameters\":{\"p\":1}}\n```", "", """read {"p":1}""")]
    [InlineData("""{"name":"read","arguments":"{\"p\":1}"}""", "", """read {"p":1}""")]
    [InlineData("""<tool_call>{"name":"rm","arguments":{}}</tool_call>""",
        """<tool_call>{"name":"rm","arguments":{}}</tool_call>""", "")]
    [InlineData("""A call looks like {"name":"read","arguments":{}}.""",
        """A call looks like {"name":"read","arguments":{}}.""", "")]
    public async Task A_call_written_as_text_is_a_call_of_an_offered_tool_only(string said, string text, string calls)
    {
        var content = JsonSerializer.Serialize(said);

        var reply = await FakeReach.OpenAiAsync(Delta($$"""{"content":{{content}}}""") + Finish("stop"));

        Assert.Equal(text, reply.Message.Text);
        Assert.Equal(calls, string.Join(';', reply.Message.ToolCalls.Select(call => $"{call.Name} {call.Arguments}")));
    }

    [Theory]
    [InlineData("length", StopReason.OutputLimit)]
    [InlineData("content_filter", StopReason.ContentFilter)]
    [InlineData("stop", StopReason.EndOfTurn)]
    [InlineData("something_new", StopReason.Unknown)]
    public async Task The_finish_reason_is_told(string word, StopReason stop) =>
        Assert.Equal(stop, (await FakeReach.OpenAiAsync(Delta("""{"content":"x"}""") + Finish(word))).Stop);

    [Fact]
    public async Task Usage_comes_last_or_not_at_all()
    {
        var usage =
            """{"prompt_tokens":5,"completion_tokens":2,"total_tokens":17,"completion_tokens_details":"""
            + """{"reasoning_tokens":10}}""";

        var with = await FakeReach.OpenAiAsync(
            Finish("stop") + $"data: {{\"choices\":[],\"usage\":{usage}}}\n\n" + Done);
        var without = await FakeReach.OpenAiAsync(Finish("stop"));

        Assert.Equal(new Usage(5, 12, 0, 10), with.Usage);
        Assert.Null(without.Usage);
    }

    [Theory]
    [InlineData("""{"error":{"message":"x","type":"server_error"}}""", "model.server_error")]
    [InlineData("""{"error":{"message":"Rate limit","code":"rate_limit_exceeded"}}""", "model.rate_limited")]
    [InlineData("""{"error":"maximum context length exceeded"}""", "model.context_too_long")]
    public async Task An_error_inside_a_stream_is_a_failure(string chunk, string code)
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => FakeReach.OpenAiAsync(Delta("""{"content":"par"}""") + $"data: {chunk}\n\n" + Done));

        Assert.Equal(code, failure.Problem.Code);
    }

    [Fact]
    public async Task A_stream_that_never_said_it_was_done_is_cut_short()
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => FakeReach.OpenAiAsync(
                Calls("""[{"index":0,"id":"a","function":{"name":"read","arguments":"{}"}}]""")));

        Assert.Equal("model.truncated", failure.Problem.Code);
    }

    [Fact]
    public async Task Calls_are_bounded()
    {
        string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(
            index => Calls(
                $$$"""[{"index":{{{index}}},"id":"c{{{index}}}","function":{"name":"read","arguments":"{}"}}]""")));

        var most = await FakeReach.OpenAiAsync(Many(ToolCallAssembler.CallsMax) + Done);
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => FakeReach.OpenAiAsync(Many(ToolCallAssembler.CallsMax + 1) + Done));

        Assert.Equal(ToolCallAssembler.CallsMax, most.Message.ToolCalls.Count());
        Assert.Equal("model.reply_too_large", failure.Problem.Code);
    }

    [Fact]
    public async Task History_is_sent_as_the_very_bytes_of_the_last_time()
    {
        var reach = new FakeReach(Finish("stop"));
        var model = new OpenAiModel(FakeReach.Endpoint("openai"), "m", reach, TimeProvider.System);
        var history = new List<Message>
        {
            Message.OfUser("go \uD800 \"quoted\""),
            new(MessageRole.Assistant, [new ReasoningPart("hm", ""), new ToolCallPart("a", "read", "{\"p\""),
                new ToolCallPart("b", "read", "{}")]),
            new(MessageRole.Tool, [new ToolResultPart("a", "no", IsError: true),
                new ToolResultPart("b", "yes", IsError: false)]),
        };

        await model.CallAsync(FakeReach.Request([.. history]), onDelta: null, TestContext.Current.CancellationToken);
        history.Add(Message.OfUser("more"));
        await model.CallAsync(FakeReach.Request([.. history]), onDelta: null, TestContext.Current.CancellationToken);

        using var body = JsonDocument.Parse(reach.Sent[1]);
        Assert.Equal(
            ["system", "user", "assistant", "tool", "tool", "user"],
            body.RootElement.GetProperty("messages")
                .EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(1_000, body.RootElement.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal(2, body.RootElement.GetProperty("tools").GetArrayLength());
        Assert.Equal(
            """{"malformed_arguments":"{\"p\""}""",
            body.RootElement.GetProperty("messages")[2]
                .GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        var before = reach.SentPieces[0].Where(piece => piece.Length > 20).ToList();
        Assert.All(before.Skip(1), piece => Assert.Contains(piece, reach.SentPieces[1]));
    }

    [Fact]
    public void A_key_prints_as_nothing() => Assert.DoesNotContain("hunter2",
        $"{new ModelEndpoint("p", "u", new ApiKey("hunter2"))}", StringComparison.Ordinal);

    private static string Delta(string delta) =>
        $"data: {{\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta}}}]}}\n\n";

    private static string Calls(string calls) => Delta($"{{\"tool_calls\":{calls}}}");

    private static string Finish(string reason) =>
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"{reason}\"}}]}}\n\n";
}
