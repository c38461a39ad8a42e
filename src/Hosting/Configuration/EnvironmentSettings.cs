using Reeve.Authority;

namespace Reeve.Hosting.Configuration;

/// <summary>Reads keys from the environment: the well-known variables, and <c>REEVE_SECTION__KEY</c> for any
/// key.</summary>
internal static class EnvironmentSettings
{
    private const string Prefix = "REEVE_", OllamaPort = "11434";

    private static readonly IReadOnlyList<(string Variable, string Name)> s_known =
    [
        ("REEVE_HOME", "home"), ("REEVE_MODEL", "model"),
        ("OPENAI_BASE_URL", "models.openai.baseUrl"), ("OPENAI_API_KEY", "models.openai.apiKey"),
        ("ANTHROPIC_BASE_URL", "models.anthropic.baseUrl"), ("ANTHROPIC_API_KEY", "models.anthropic.apiKey"),
        ("OLLAMA_HOST", "models.ollama.baseUrl"),
    ];

    public static IEnumerable<SettingValue> Read(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (variable, name) in s_known)
        {
            if (environment.GetValueOrDefault(variable) is { Length: > 0 } text)
            {
                var given = variable == "OLLAMA_HOST" ? UrlOfOllama(text) : text;
                yield return ValueReader.Read(SettingKeys.Find(name)!, name, given, $"environment {variable}");
            }
        }

        foreach (var (variable, text) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (NameOf(variable) is { } name && text.Length > 0)
            {
                yield return ValueReader.Read(SettingKeys.Find(name)!, name, text, $"environment {variable}");
            }
        }
    }

    /// <summary>The key a variable sets; null for one that is none of ours.</summary>
    private static string? NameOf(string variable)
    {
        if (!variable.StartsWith(Prefix, StringComparison.Ordinal)
            || variable == "REEVE_CONFIG" || s_known.Any(known => known.Variable == variable))
        {
            return null;
        }

        var parts = variable[Prefix.Length..].Split("__");
        var found = SettingKeys.All.Select(key => Fit(key, parts)).FirstOrDefault(name => name is not null);
        var looksLikeOurs = parts.Length > 1 || Meant(variable) is not null;
        var hint = Meant(variable) is { } meant ? $" Did you mean {meant}?" : " See reeve config show.";
        Problem.ThrowUnless(
            found is not null || !looksLikeOurs, "config.unknown_key",
            $"No key is set by the variable {KeyText.Show(variable)}.{hint}");

        return found;
    }

    private static string? Fit(SettingKey key, string[] parts)
    {
        var words = key.Name.Split('.');

        if (words.Length != parts.Length)
        {
            return null;
        }

        var named = words.Zip(parts, (word, part) => word == "*" ? part.ToLowerInvariant() : word).ToList();
        var fits = words.Zip(parts).All(pair => pair.First == "*" || Same(pair.First, pair.Second));
        var name = string.Join('.', named);
        return fits && key.Matches(name) ? name : null;
    }

    private static bool Same(string word, string part) => string.Equals(
        word, part.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static string? Meant(string variable) => Suggestion.For(
        variable,
        s_known.Select(known => known.Variable)
            .Append("REEVE_CONFIG")
            .Concat(SettingKeys.All.Where(key => !key.Name.Contains('*', StringComparison.Ordinal))
                .Select(VariableOf)));

    /// <summary>The variable that sets a key, as the reference shows it.</summary>
    internal static string VariableOf(SettingKey key) =>
        Prefix + string.Join("__", key.Name.Split('.').Select(word => string.Concat(word.Select(
            (letter, index) => char.IsAsciiLetterUpper(letter) && index > 0
                ? $"_{letter}"
                : $"{char.ToUpperInvariant(letter)}"))));

    // Ollama's own variable may be a bare host, with or without a port.
    private static string UrlOfOllama(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return text;
        }

        var host = text.StartsWith("0.0.0.0", StringComparison.Ordinal) ? "127.0.0.1" + text["0.0.0.0".Length..] : text;
        return host.Contains(':', StringComparison.Ordinal) ? $"http://{host}" : $"http://{host}:{OllamaPort}";
    }
}
