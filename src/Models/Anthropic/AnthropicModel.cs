using System.Collections.Immutable;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Models.Exchange;

namespace Reeve.Models.Anthropic;

/// <summary>Any server that speaks Anthropic's Messages API, version 2023-06-01.</summary>
public sealed class AnthropicModel(ModelEndpoint endpoint, string model, IReach reach, TimeProvider time) : IModel
{
    private readonly AnthropicRequest _requests = new();
    private readonly ModelExchange _exchange = new(reach, endpoint.Timeouts, time);

    public string Name => $"{endpoint.Provider}/{model}";

    public Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            endpoint.UrlOf("messages"),
            Headers(),
            _requests.Compose(request, model),
            new AnthropicReader(request.OutputTokensMax, onDelta),
            cancellationToken);

    private ImmutableArray<ReachHeader> Headers()
    {
        ImmutableArray<ReachHeader> common =
        [
            new("Content-Type", "application/json"),
            new("Accept", "text/event-stream, application/json"),
            new("anthropic-version", "2023-06-01"),
        ];

        return endpoint.Key is { IsEmpty: false } key ? common.Add(new ReachHeader("x-api-key", key.Reveal())) : common;
    }
}
