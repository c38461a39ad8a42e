using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Anthropic;
using Xunit;

namespace Reeve.Tests.Unit.Models.Anthropic;

public sealed class AnthropicModelTests
{
    private const string Start =
        """{"type":"message_start","message":"""
        + """{"id":"m1","model":"m","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Fact]
    public async Task Thinking_and_calls_come_back_and_go_out_unchanged()
    {
        var reply = await FakeReach.AnthropicAsync(Stream(
            Start,
            """{"type":"ping"}""",
            Open(0, """{"type":"thinking","thinking":""}"""),
            Delta(0, """{"type":"thinking_delta","thinking":"hm"}"""),
            Delta(0, """{"type":"signature_delta","signature":"si"}"""),
            Delta(0, """{"type":"signature_delta","signature":"gn"}"""),
            Open(1, """{"type":"redacted_thinking","data":"xyz"}"""),
            Open(2, """{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"""),
            Open(3, """{"type":"tool_use","id":"toolu_1","name":"read","input":{}}"""),
            Open(4, """{"type":"tool_use","id":"toolu_2","name":"read","input":{}}"""),
            Delta(4, """{"type":"input_json_delta","partial_json":"{\"p\""}"""),
            Delta(3, """{"type":"input_json_delta","partial_json":""}"""),
            Delta(4, """{"type":"input_json_delta","partial_json":":2}"}"""),
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}}""",
            Stop));

        Assert.Equal(
            [
                new ReasoningPart("hm", "sign"), new ReasoningPart("", """{"type":"redacted_thinking","data":"xyz"}"""),
                new ToolCallPart("toolu_1", "read", "{}"), new ToolCallPart("toolu_2", "read", """{"p":2}"""),
            ],
            reply.Message.Parts);
        Assert.Equal(StopReason.ToolCalls, reply.Stop);
        Assert.Equal(new Usage(15, 20, 5), reply.Usage);

        var results = new Message(MessageRole.Tool, [new ToolResultPart("toolu_1", "no", IsError: true)]);
        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"go"}]},{"role":"assistant","content":["""
            + """{"type":"thinking","thinking":"hm","signature":"sign"},{"type":"redacted_thinking","data":"xyz"},"""
            + """{"type":"tool_use","id":"toolu_1","name":"read","input":{}},"""
            + """{"type":"tool_use","id":"toolu_2","name":"read","input":{"p":2}}]},"""
            + """{"role":"user","content":["""
            + """{"type":"tool_result","tool_use_id":"toolu_1","content":"no","is_error":true}]}]""",
            await SentMessagesAsync(Message.OfUser("go"), reply.Message, results));
    }

    [Fact]
    public async Task What_another_provider_said_is_put_into_acceptable_shape() => Assert.Equal(
        """[{"role":"assistant","content":["""
        + """{"type":"tool_use","id":"call_1_x","name":"read","input":{"malformed_arguments":"{"}}]},"""
        + """{"role":"assistant","content":[{"type":"text","text":"(nothing)"}]}]""",
        await SentMessagesAsync(
            new Message(MessageRole.Assistant,
                [new ReasoningPart("unsigned", ""), new ToolCallPart("call:1.x", "read", "{")]),
            new Message(MessageRole.Assistant, [])));

    [Fact]
    public async Task The_same_beginning_sent_twice_is_one()
    {
        var reply = await FakeReach.AnthropicAsync(
            Stream(Start, Start, Open(0, """{"type":"text","text":"hi"}"""), Stop));

        Assert.Equal("hi", reply.Message.Text);
    }

    [Theory]
    [InlineData("""{"type":"message_start","message":{"id":"m2"}}""")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""")]
    [InlineData("""{"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_delta"}""")]
    public async Task A_stream_that_contradicts_itself_is_malformed(string damage)
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => FakeReach.AnthropicAsync(Stream(Start, Open(0, """{"type":"text","text":"x"}"""), damage, Stop)));

        Assert.Equal("model.malformed", failure.Problem.Code);
        Assert.True(failure.Problem.IsRetryable);
    }

    [Theory]
    [InlineData("max_tokens", StopReason.OutputLimit)]
    [InlineData("refusal", StopReason.Refusal)]
    [InlineData("end_turn", StopReason.EndOfTurn)]
    [InlineData("pause_turn", StopReason.Unknown)]
    public async Task The_stop_reason_is_told(string word, StopReason stop) => Assert.Equal(
        stop,
        (await FakeReach.AnthropicAsync(Stream(
            Start, $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{word}}}"}}""", Stop))).Stop);

    [Fact]
    public async Task An_error_event_is_a_failure_that_may_pass()
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => FakeReach.AnthropicAsync(
            Stream(Start, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")));

        Assert.Equal("model.overloaded", failure.Problem.Code);
        Assert.True(failure.Problem.IsRetryable);
    }

    [Fact]
    public async Task Blocks_are_bounded()
    {
        var many = Enumerable.Range(0,
            AnthropicReader.BlocksMax).Select(index => Open(index, """{"type":"text","text":"x"}""")).ToList();

        var most = await FakeReach.AnthropicAsync(Stream([Start, .. many, Stop]));
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => FakeReach.AnthropicAsync(
            Stream([Start, .. many, Open(AnthropicReader.BlocksMax, """{"type":"text","text":"x"}"""), Stop])));

        Assert.Equal(AnthropicReader.BlocksMax, most.Message.Text.Length);
        Assert.Equal("model.reply_too_large", failure.Problem.Code);
    }

    private static async Task<string> SentMessagesAsync(params IReadOnlyList<Message> messages)
    {
        var reach = new FakeReach(Stream(Start, Stop));
        await new AnthropicModel(FakeReach.Endpoint("anthropic"), "m", reach, TimeProvider.System)
            .CallAsync(FakeReach.Request(messages), onDelta: null, TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(Assert.Single(reach.Sent));
        Assert.Equal("You are a test.", body.RootElement.GetProperty("system").GetString());

        return body.RootElement.GetProperty("messages").GetRawText();
    }

    private static string Open(int index, string block) =>
        $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""";

    private static string Delta(int index, string delta) =>
        $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""";

    private static string Stream(params IEnumerable<string> events) =>
        string.Concat(events.Select(one => $"event: any\ndata: {one}\n\n"));
}
