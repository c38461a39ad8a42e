using Reeve.Authority;

namespace Reeve.Models.Exchange;

/// <summary>Where a provider listens and how it is told who asks.</summary>
/// <param name="Provider">The first half of a model's name, as <c>openai</c>.</param>
/// <param name="BaseUrl">As the provider documents it, with or without <c>/v1</c>.</param>
/// <param name="Key">Null where the server asks for none.</param>
public sealed record ModelEndpoint(string Provider, string BaseUrl, ApiKey? Key)
{
    public ModelTimeouts Timeouts { get; init; } = ModelTimeouts.Default;

    /// <summary>The URL of a resource below the version, as <c>chat/completions</c>.</summary>
    internal string UrlOf(string resource)
    {
        var trimmed = BaseUrl.TrimEnd('/');
        Problem.ThrowUnless(
            Uri.TryCreate(trimmed, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https",
            "model.endpoint_invalid",
            "The base URL of the model provider must be an absolute http or https URL.");

        var hasVersion = parsed.AbsolutePath.Split('/') is [.., ['v', >= '0' and <= '9', ..]];
        var isBare = parsed.AbsolutePath is "/";

        return isBare || (!hasVersion && Provider is "anthropic")
            ? $"{trimmed}/v1/{resource}"
            : $"{trimmed}/{resource}";
    }
}
