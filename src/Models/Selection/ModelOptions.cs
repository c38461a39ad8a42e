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
    public ModelTimeouts Timeouts { get; init; } = ModelTimeouts.Default;
}
