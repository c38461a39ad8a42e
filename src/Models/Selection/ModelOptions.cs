using System.Collections.Immutable;
using Reeve.Models.Exchange;

namespace Reeve.Models.Selection;

/// <summary>What the operator configured about model providers. Reading the environment is the host's work.</summary>
/// <param name="OpenAiBaseUrl">Null takes the provider's own.</param>
/// <param name="OllamaHost">As Ollama itself reads it: a host, a host with port, or a URL.</param>
public sealed record ModelOptions(
    string? OpenAiBaseUrl = null,
    ApiKey? OpenAiKey = null,
    string? AnthropicBaseUrl = null,
    ApiKey? AnthropicKey = null,
    string? OllamaHost = null)
{
    /// <summary>Providers the operator named himself; they go before the shipped ones.</summary>
    public ImmutableArray<OwnProvider> Own { get; init; } = [];

    public ModelTimeouts Timeouts { get; init; } = ModelTimeouts.Default;
}

/// <summary>A provider of the operator's own.</summary>
/// <param name="Name">What stands before the slash of a model.</param>
/// <param name="Dialect"><c>openai</c> or <c>anthropic</c>.</param>
public sealed record OwnProvider(string Name, string Dialect, string BaseUrl, ApiKey? Key);
