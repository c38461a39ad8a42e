using System.Text;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Anthropic;
using Reeve.Models.Exchange;
using Reeve.Models.OpenAi;
using Xunit;

namespace Reeve.Tests.Unit.Models;

/// <summary>Answers every request with the same bytes, a few at a time, and keeps what was sent.</summary>
internal sealed class FakeReach(string body, int status = 200, int chunkBytes = 5,
    string type = "text/event-stream") : IReach
{
    private static readonly IReadOnlyList<ToolDescription> s_tools = [Tool("read"), Tool("write")];

    public List<string> Sent { get; } = [];

    public List<IReadOnlyList<ReadOnlyMemory<byte>>> SentPieces { get; } = [];

    public static async Task<ModelReply> OpenAiAsync(string body, string type = "text/event-stream",
        Action<ModelDelta>? onDelta = null) =>
        await new OpenAiModel(Endpoint("openai-compatible"), "m", new FakeReach(body, type: type), TimeProvider.System)
            .CallAsync(Request(), onDelta, TestContext.Current.CancellationToken);

    public static async Task<ModelReply> AnthropicAsync(string body, string type = "text/event-stream") =>
        await new AnthropicModel(Endpoint("anthropic"), "m", new FakeReach(body, type: type), TimeProvider.System)
            .CallAsync(Request(), onDelta: null, TestContext.Current.CancellationToken);

    public static ModelEndpoint Endpoint(string provider) =>
        new(provider, "http://models.example.com", new ApiKey("key"));

    public static ModelRequest Request(params IReadOnlyList<Message> messages) => new(
        "You are a test.", messages is [] ? [Message.OfUser("go")] : messages, s_tools, 1_000, "run/1");

    public static ToolDescription Tool(string name) =>
        new(name, "Does it.", JsonDocument.Parse("""{"type":"object"}""").RootElement);

    public Task<ReachResponse> SendAsync(ReachRequest request, CancellationToken cancellationToken)
    {
        Sent.Add(string.Concat(request.Body.Select(piece => Encoding.UTF8.GetString(piece.Span))));
        SentPieces.Add(request.Body);
        return Task.FromResult(new ReachResponse(
            status, new Dictionary<string, string> { ["content-type"] = type },
            new Slow(Encoding.UTF8.GetBytes(body), chunkBytes)));
    }

    private sealed class Slow(byte[] bytes, int chunkBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunkBytes, buffer.Length)], cancellationToken);
    }
}
