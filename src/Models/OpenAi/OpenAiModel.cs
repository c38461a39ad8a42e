using System.Collections.Immutable;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Models.Exchange;

namespace Reeve.Models.OpenAi;

/// <summary>Any server that speaks OpenAI's chat completions (API reference, "Create chat completion").</summary>
/// <remarks>
/// Where a server refuses one of two fields that others demand, it is asked once more without it, and this
/// instance remembers. Everything else is one attempt.
/// </remarks>
public sealed class OpenAiModel : IModel
{
    private readonly OpenAiRequest _requests;
    private readonly ModelEndpoint _endpoint;
    private readonly ModelExchange _exchange;
    private readonly string _model;
    private volatile OpenAiQuirks _quirks;

    public OpenAiModel(ModelEndpoint endpoint, string model, IReach reach, TimeProvider time)
        : this(endpoint, model, reach, time, new OpenAiRequest())
    {
    }

    /// <param name="requests">Remembers the tools that several models are told of.</param>
    internal OpenAiModel(
        ModelEndpoint endpoint, string model, IReach reach, TimeProvider time, OpenAiRequest requests)
    {
        _requests = requests;
        _endpoint = endpoint;
        _model = model;
        _exchange = new ModelExchange(reach, endpoint.Timeouts, time);
        var saysCompletionTokens = endpoint.Provider is "openai" && !IsLocal(endpoint.BaseUrl);
        _quirks = new OpenAiQuirks(saysCompletionTokens, AsksForUsage: true, ReadsTextCalls: true);
    }

    public string Name => $"{_endpoint.Provider}/{_model}";

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        var quirks = _quirks;

        try
        {
            return await AttemptAsync(request, quirks, onDelta, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelCallException refusal) when (refusal.Problem.Code is "model.invalid_request")
        {
            if (refusal.Data[ModelExchange.RefusedField] is not string field
                || OtherWay(quirks, field) is not { } changed)
            {
                throw;
            }

            _quirks = changed;
            return await AttemptAsync(request, changed, onDelta, cancellationToken).ConfigureAwait(false);
        }
    }

    private static OpenAiQuirks? OtherWay(OpenAiQuirks quirks, string field) => field switch
    {
        "max_tokens" or "max_completion_tokens" =>
            quirks with { SaysCompletionTokens = !quirks.SaysCompletionTokens },
        "stream_options" when quirks.AsksForUsage => quirks with { AsksForUsage = false },
        _ => null,
    };

    private static bool IsLocal(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.IsLoopback;

    private Task<ModelReply> AttemptAsync(
        ModelRequest request, OpenAiQuirks quirks, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            _endpoint.UrlOf("chat/completions"),
            Headers(),
            _requests.Compose(request, _model, quirks),
            new OpenAiReader(request, onDelta, quirks.ReadsTextCalls),
            cancellationToken);

    private ImmutableArray<ReachHeader> Headers()
    {
        ImmutableArray<ReachHeader> common =
        [
            new("Content-Type", "application/json"),
            new("Accept", "text/event-stream, application/json"),
        ];

        return _endpoint.Key is { IsEmpty: false } key
            ? common.Add(new ReachHeader("Authorization", "Bearer " + key.Reveal()))
            : common;
    }
}
