using System.Collections.Immutable;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Models.Exchange;

namespace Reeve.Models.Anthropic;

/// <summary>Any server that speaks Anthropic's Messages API, version 2023-06-01.</summary>
public sealed class AnthropicModel : IModel
{
    private readonly AnthropicRequest _requests;
    private readonly ModelEndpoint _endpoint;
    private readonly ModelExchange _exchange;
    private readonly string _model;

    public AnthropicModel(ModelEndpoint endpoint, string model, IReach reach, TimeProvider time)
        : this(endpoint, model, reach, time, new AnthropicRequest())
    {
    }

    /// <param name="requests">Remembers the tools that several models are told of.</param>
    internal AnthropicModel(
        ModelEndpoint endpoint, string model, IReach reach, TimeProvider time, AnthropicRequest requests)
    {
        _requests = requests;
        _endpoint = endpoint;
        _model = model;
        _exchange = new ModelExchange(reach, endpoint.Timeouts, time);
    }

    public string Name => $"{_endpoint.Provider}/{_model}";

    public Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            _endpoint.UrlOf("messages"),
            Headers(),
            _requests.Compose(request, _model),
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

        return _endpoint.Key is { IsEmpty: false } key
            ? common.Add(new ReachHeader("x-api-key", key.Reveal())) : common;
    }
}
