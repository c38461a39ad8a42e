using System.Text;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Scripted;
using Xunit;

namespace Reeve.Tests.Unit.Models.Scripted;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "schema": 2, "turns": [] }""")]
    [InlineData("""{ "schema": 1 }""")]
    [InlineData("""{ "schema": 1, "turns": [ { "replies": 1 } ] }""")]
    [InlineData("""{ "schema": 1, "turns": [ { "faults": [ { "kind": "unheard" } ] } ] }""")]
    [InlineData("""{ "schema": 1, "turns": [ { "when": { "last_result_matches": "(" } } ] }""")]
    [InlineData("""{ "schema": 1, "turns": [ { "when": { "last_result_matches": "(a)\\1" } } ] }""")]
    public void A_script_that_is_wrong_is_refused(string json) => Assert.Equal(
        "script.invalid",
        Assert.Throws<ProblemException>(() => Script.Parse(Encoding.UTF8.GetBytes(json))).Problem.Code);

    [Fact]
    public async Task A_turn_whose_condition_fails_is_passed_over_and_a_repeated_one_stays()
    {
        var model = Model("""
            { "schema": 1, "turns": [
              { "when": { "last_result_contains": "never" }, "reply": { "text": "skipped" } },
              { "when": { "last_result_matches": "^more" }, "repeat": true, "reply": { "text": "again" } },
              { "when": { "any_message_contains": "go" }, "reply": { "text": "end" } } ] }
            """);

        Assert.Equal("again", await SayAsync(model, Results("more 1")));
        Assert.Equal("again", await SayAsync(model, Results("more 1"), Said("again"), Results("more 2")));
        Assert.Equal("end", await SayAsync(model, Results("more 1"), Said("again"), Results("done")));
    }

    [Fact]
    public async Task A_script_that_has_ended_says_so()
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => SayAsync(Model("""{ "schema": 1, "turns": [] }""")));

        Assert.Equal("model.invalid_request", failure.Problem.Code);
    }

    [Fact]
    public async Task A_fault_is_limited_to_the_first_attempts_of_its_turn_in_each_conversation()
    {
        var model = Model("""
            { "schema": 1, "turns": [ { "faults": [ { "kind": "status", "status": 500, "attempts": 2 } ],
              "reply": { "text": "at last" } } ] }
            """);

        foreach (var request in new[] { FakeReach.Request(Message.OfUser("a")),
            FakeReach.Request(Message.OfUser("b")) })
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                await Assert.ThrowsAsync<ModelCallException>(() => model.CallAsync(request, onDelta: null, Stop));
            }

            Assert.Equal("at last", (await model.CallAsync(request, onDelta: null, Stop)).Message.Text);
        }
    }

    [Fact]
    public void Attempts_are_forgotten_rather_than_kept_without_end()
    {
        var server = new ScriptedHttp(Script.Parse(
            """
            { "schema": 1, "turns": [
              { "faults": [ { "kind": "status", "attempts": 1 } ], "reply": { "text": "x" } } ] }
            """u8));
        int Ask(int number) => server.Respond(
            "POST", "/v1/messages",
            Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{number}}"}]}""")).Status;

        Assert.Equal([500, 200], [Ask(0), Ask(0)]);

        for (var number = 1; number <= ScriptedHttp.ConversationsMax; number++)
        {
            Ask(number);
        }

        Assert.Equal(500, Ask(0));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ScriptedModel Model(string json) =>
        new(Script.Parse(Encoding.UTF8.GetBytes(json)), "test", TimeProvider.System);

    private static Message Results(string text) =>
        new(MessageRole.Tool, [new ToolResultPart("a", text, IsError: false)]);

    private static Message Said(string text) => new(MessageRole.Assistant, [new TextPart(text)]);

    private static async Task<string> SayAsync(IModel model, params IEnumerable<Message> messages) =>
        (await model.CallAsync(FakeReach.Request([Message.OfUser("go"), .. messages]), onDelta: null,
            Stop)).Message.Text;
}
