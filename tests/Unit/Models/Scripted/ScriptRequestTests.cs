using System.Text;
using System.Text.Json;
using Reeve.Models.Scripted;
using Xunit;

namespace Reeve.Tests.Unit.Models.Scripted;

public sealed class ScriptRequestTests
{
    private const string Usual = """
        { "model": "m", "stream": true, "stream_options": { "include_usage": true }, "tools": [ { "messages": 1 } ],
          "messages": [
            { "role": "system", "content": "be good" },
            { "content": [ { "type": "text", "text": "go" } ], "role": "user" },
            { "role": "assistant", "content": null, "tool_calls": [ { "role": "system" } ] },
            { "role": "tool", "content": "done" },
            { "role": "user", "content": [ { "type": "tool_result", "content": "done" } ] },
            { "role": "assistant", "content": "next" } ] }
        """;

    [Fact]
    public void Counts_what_the_whole_view_counts()
    {
        using var document = JsonDocument.Parse(Usual);
        var view = ScriptView.OfRequest(document.RootElement);

        var request = Read(Usual);

        Assert.Equal(new ScriptRequest(2, 5, Streams: true, AsksForUsage: true), request);
        Assert.Equal(view.RepliesCount, request!.Value.RepliesCount);
        Assert.Equal(view.Entries.Count, request.Value.EntriesCount);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "messages": {} }""")]
    [InlineData("""{ "messages": [ 1 ] }""")]
    [InlineData("""{ "messages": [ { "content": "no role" } ] }""")]
    [InlineData("""{ "messages": [ { "role": 1 } ] }""")]
    [InlineData("""{ "messages": [ { "role": "user", "content": [ 1 ] } ] }""")]
    [InlineData("""{ "messages": [ { "role": "user", "content": [ { "text": 1 } ] } ] }""")]
    [InlineData("""{ "messages": [ { "role": "user", "content": "\ud800" } ] }""")]
    [InlineData("""{ "messages": [], "stream_options": 1 }""")]
    [InlineData("""{ "messages": [], "messages": [] }""")]
    public void Leaves_to_the_whole_view_what_is_not_usual(string body) => Assert.Null(Read(body));

    [Theory]
    [InlineData("""{ "messages": [] } 1""")]
    [InlineData("""{ "messages": [ """)]
    [InlineData("""{ "messages": [] """)]
    public void Refuses_what_is_no_json(string body) => Assert.ThrowsAny<JsonException>(() => { Read(body); });

    private static ScriptRequest? Read(string body) => ScriptRequest.Read(Encoding.UTF8.GetBytes(body));
}
