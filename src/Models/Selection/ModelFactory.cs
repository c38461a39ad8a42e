using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Models.Anthropic;
using Reeve.Models.Exchange;
using Reeve.Models.OpenAi;
using Reeve.Models.Scripted;

namespace Reeve.Models.Selection;

/// <summary>Makes the model that a selection names.</summary>
/// <param name="readScript">Reads the file of a scripted model; throws a problem when it cannot.</param>
public sealed class ModelFactory(ModelOptions options, IReach reach, Func<string, byte[]> readScript, TimeProvider time)
{
    private const int OllamaPort = 11_434;

    // Every run has a model of its own, and all of them are told of the same tools.
    private readonly OpenAiRequest _openAi = new();
    private readonly AnthropicRequest _anthropic = new();

    /// <summary>The endpoints the operator named, which may be local: the client is told to trust exactly
    /// these.</summary>
    /// <exception cref="ProblemException"><c>model.endpoint_invalid</c>.</exception>
    public static IReadOnlyList<string> TrustedUrls(ModelOptions options)
    {
        var named = new[] { options.OpenAiBaseUrl, options.AnthropicBaseUrl, OllamaUrl(options.OllamaHost) }
            .Append(ProviderData.ReadAll().Single(provider => provider.Name is "ollama").BaseUrl)
            .Concat(options.Own.Select(provider => provider.BaseUrl));

        return [.. named.OfType<string>().Where(url => url.Length > 0).Select(Checked)];
    }

    /// <exception cref="ProblemException">
    /// <c>model.provider_unknown</c>, <c>model.key_missing</c>, <c>model.endpoint_missing</c>,
    /// <c>model.endpoint_invalid</c>, <c>script.invalid</c>.
    /// </exception>
    public IModel Create(ModelSelection selection)
    {
        if (selection.Provider is "scripted")
        {
            return new ScriptedModel(Script.Parse(readScript(selection.Name)), Path.GetFileName(selection.Name), time);
        }

        if (options.Own.FirstOrDefault(one => one.Name == selection.Provider) is { } own)
        {
            var ownEndpoint = new ModelEndpoint(own.Name, Checked(own.BaseUrl), own.Key)
            {
                Timeouts = options.Timeouts,
            };
            return ModelOf(own.Dialect, ownEndpoint, selection);
        }

        var provider = ProviderData.ReadAll().FirstOrDefault(
            one => string.Equals(one.Name, selection.Provider, StringComparison.Ordinal));
        Problem.ThrowUnless(
            provider is not null,
            "model.provider_unknown",
            "This model provider is not known; use openai, openai-compatible, anthropic, ollama or scripted,"
            + " or configure models.NAME.baseUrl.");

        return ModelOf(provider.Dialect, EndpointOf(provider), selection);
    }

    private IModel ModelOf(string dialect, ModelEndpoint endpoint, ModelSelection selection) => dialect is "anthropic"
        ? new AnthropicModel(endpoint, selection.Name, reach, time, _anthropic)
        : new OpenAiModel(endpoint, selection.Name, reach, time, _openAi);

    private static string Checked(string url)
    {
        Problem.ThrowUnless(
            Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https",
            "model.endpoint_invalid",
            "The base URL of the model provider must be an absolute http or https URL.");

        return url;
    }

    // OLLAMA_HOST is an address to listen on: 0.0.0.0 means any, and from here that is this machine.
    private static string? OllamaUrl(string? host)
    {
        if (string.IsNullOrWhiteSpace(host))
        {
            return null;
        }

        var text = host.Contains("://", StringComparison.Ordinal) ? host : $"http://{host}";

        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed))
        {
            return text;
        }

        var hasPort = !parsed.IsDefaultPort || host.EndsWith($":{parsed.Port}", StringComparison.Ordinal);
        var name = parsed.Host is "0.0.0.0" ? "127.0.0.1" : parsed.Host;
        var isPlain = !host.Contains("://", StringComparison.Ordinal);

        return $"{parsed.Scheme}://{name}:{(isPlain && !hasPort ? OllamaPort : parsed.Port)}/v1";
    }

    private ModelEndpoint EndpointOf(ProviderData provider)
    {
        var (configured, key, variable) = provider.Name switch
        {
            "anthropic" => (options.AnthropicBaseUrl, options.AnthropicKey, "ANTHROPIC_API_KEY"),
            "ollama" => (OllamaUrl(options.OllamaHost), null, string.Empty),
            _ => (options.OpenAiBaseUrl, options.OpenAiKey, "OPENAI_API_KEY"),
        };
        var url = string.IsNullOrEmpty(configured) ? provider.BaseUrl : Checked(configured);
        Problem.ThrowUnless(
            url is not null, "model.endpoint_missing", "Set OPENAI_BASE_URL to the base URL of the model server.");

        // A server of one's own may ask for no key; the provider itself always does.
        var isKeyNeeded = provider.NeedsKey && string.IsNullOrEmpty(configured);
        Problem.ThrowUnless(
            !isKeyNeeded || key is { IsEmpty: false },
            "model.key_missing",
            $"Set {variable}, or name a model that needs no key, as ollama/NAME or scripted/FILE.");

        return new ModelEndpoint(provider.Name, url, key) { Timeouts = options.Timeouts };
    }
}
