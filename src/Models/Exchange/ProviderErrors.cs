using System.Text.Json;
using Reeve.Authority;
using Reeve.Kernel.Models;

namespace Reeve.Models.Exchange;

/// <summary>Turns what a provider answers instead of a reply into one of the codes of
/// <see cref="ModelCallException"/>.</summary>
/// <remarks>
/// The status decides, and the body refines it: providers report an exhausted account as a rate limit and an
/// overlong prompt as an invalid request. The body is foreign text: it is read, and never quoted.
/// </remarks>
internal static class ProviderErrors
{
    public const int BodyBytesMax = 64 * 1024;

    private static readonly string[] s_quota = ["insufficient_quota", "current quota", "billing",
        "credit balance", "payment"];

    private static readonly string[] s_tooLong =
    [
        "context_length", "maximum context", "prompt is too long", "context window", "context size", "context length",
        "request_too_large", "too many tokens", "input is too long",
    ];

    private static readonly string[] s_filtered = ["content_filter", "content_policy", "content management policy"];

    public static ModelCallException Map(
        int status, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var words = WordsOf(body);
        var (code, isRetryable) = Classify(status, words);

        if (headers.TryGetValue("x-should-retry", out var advice))
        {
            isRetryable = advice is "true" || (advice is not "false" && isRetryable);
        }

        return new ModelCallException(
            new Problem(code, SentenceOf(code), isRetryable), wasSent: true, RetryHint.Find(headers, status, now));
    }

    /// <summary>An error object in the middle of a stream whose status was 200.</summary>
    public static ModelCallException MapInStream(JsonElement error)
    {
        var words = WordsOf(error);
        var code = CodeOfWords(words) ?? words switch
        {
            _ when Has(words, "rate_limit") || Has(words, "429") => "model.rate_limited",
            _ when Has(words, "overloaded") => "model.overloaded",
            _ when Has(words, "authentication") || Has(words, "invalid_api_key") => "model.authentication",
            _ when Has(words, "permission") => "model.permission",
            _ when Has(words, "not_found") => "model.not_found",
            _ when Has(words, "invalid_request") => "model.invalid_request",
            _ => "model.server_error",
        };
        var isRetryable = code is "model.rate_limited" or "model.overloaded" or "model.server_error";

        return new ModelCallException(new Problem(code, SentenceOf(code), isRetryable), wasSent: true);
    }

    private static (string Code, bool IsRetryable) Classify(int status, string words)
    {
        if (CodeOfWords(words) is { } known && status < 500)
        {
            return (known, false);
        }

        return status switch
        {
            401 => ("model.authentication", false),
            402 => ("model.quota", false),
            403 => ("model.permission", false),
            404 => ("model.not_found", false),
            408 => ("model.timeout", true),
            409 or 425 => ("model.server_error", true),
            413 => ("model.context_too_long", false),
            429 => ("model.rate_limited", true),
            503 or 529 => ("model.overloaded", true),
            >= 500 => (CodeOfWords(words) is "model.context_too_long"
                ? ("model.context_too_long", false)
                : (Has(words, "overloaded") ? "model.overloaded" : "model.server_error", true)),
            _ => ("model.invalid_request", false),
        };
    }

    private static string? CodeOfWords(string words)
    {
        if (s_quota.Any(word => Has(words, word)))
        {
            return "model.quota";
        }

        if (s_tooLong.Any(word => Has(words, word)))
        {
            return "model.context_too_long";
        }

        return s_filtered.Any(word => Has(words, word)) ? "model.content_filter" : null;
    }

    private static string SentenceOf(string code) => code switch
    {
        "model.authentication" => "The provider does not accept the API key.",
        "model.quota" => "The account with the provider has no credit left.",
        "model.permission" => "The API key may not use this model.",
        "model.not_found" => "The provider does not know this model, or the base URL is wrong.",
        "model.timeout" => "The provider gave up waiting for the request.",
        "model.context_too_long" => "The conversation is longer than the model can read.",
        "model.rate_limited" => "The provider asked for fewer requests.",
        "model.overloaded" => "The provider is overloaded.",
        "model.content_filter" => "The provider's content filter refused the request.",
        "model.server_error" => "The provider failed while it worked on the request.",
        _ => "The provider refused the request as invalid.",
    };

    private static bool Has(string words, string word) => words.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string WordsOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;

            return WordsOf(
                root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) ? error : root);
        }
        catch (JsonException)
        {
            // A proxy's page says nothing that the status does not.
            return string.Empty;
        }
    }

    private static string WordsOf(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => error.GetString()!,
        JsonValueKind.Object => string.Join(
            ' ',
            new[] { "type", "code", "message" }
                .Select(name => error.TryGetProperty(name, out var value) ? value.ToString() : string.Empty)),
        _ => string.Empty,
    };
}
