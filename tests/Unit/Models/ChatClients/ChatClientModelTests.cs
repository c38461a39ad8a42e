using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.ChatClients;
using Xunit;

namespace Reeve.Tests.Unit.Models.ChatClients;

public sealed class ChatClientModelTests
{
    [Fact]
    public async Task Any_chat_client_is_a_model()
    {
        var client = new Client(
        [
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Let me ")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("look.")]),
            new ChatResponseUpdate(ChatRole.Assistant,
                [new FunctionCallContent("a", "read", new Dictionary<string, object?> { ["p"] = 1, ["q"] = "x" })]),
            new ChatResponseUpdate(ChatRole.Assistant,
                [new UsageContent(new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4 })])
            {
                FinishReason = ChatFinishReason.ToolCalls,
                ModelId = "other",
            },
        ]);

        var reply = await CallAsync(client);

        Assert.Equal("Let me look.", reply.Message.Text);
        Assert.Equal(new ToolCallPart("a", "read", """{"p":1,"q":"x"}"""), Assert.Single(reply.Message.ToolCalls));
        Assert.Equal((StopReason.ToolCalls, new Usage(3, 4), "other"),
            (reply.Stop, reply.Usage, reply.RespondingModel));
        Assert.Equal(["system", "user", "assistant", "tool"], client.Roles);
        Assert.Equal(["read", "write"], client.Tools);
    }

    [Fact]
    public async Task A_reply_without_a_finish_reason_is_cut_short()
    {
        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => CallAsync(new Client([new ChatResponseUpdate(ChatRole.Assistant, "par")])));

        Assert.Equal("model.truncated", failure.Problem.Code);
    }

    private static Task<ModelReply> CallAsync(IChatClient client) =>
        new ChatClientModel(client, "other/model").CallAsync(
        FakeReach.Request(
            Message.OfUser("go"),
            new Message(MessageRole.Assistant, [new ToolCallPart("z", "read", "{\"p\":[1]}")]),
            new Message(MessageRole.Tool, [new ToolResultPart("z", "done", IsError: false)])),
        onDelta: null, TestContext.Current.CancellationToken);

    private sealed class Client(IReadOnlyList<ChatResponseUpdate> updates) : IChatClient
    {
        public IReadOnlyList<string> Roles { get; private set; } = [];

        public IReadOnlyList<string> Tools { get; private set; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Roles = [.. messages.Select(message => message.Role.Value)];
            Tools = [.. options!.Tools!.Select(tool => tool.Name)];
            await Task.Yield();

            foreach (var update in updates)
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
