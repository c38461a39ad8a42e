using Reeve.Authority;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Output;

/// <summary>Who reads the result: a person, a program, or a program that follows live.</summary>
internal enum OutputFormat
{
    Text = 0,
    Json,
    StreamJson,
}

internal static class OutputFormats
{
    public static IReadOnlyList<string> Words { get; } = ["text", "json", "stream-json"];

    public static OutputFormat Parse(string word)
    {
        var hint = Suggestion.For(word, Words) is { } meant ? $" Did you mean {meant}?" : "";
        Problem.ThrowUnless(
            Words.Contains(word), "usage.invalid_value", $"--output-format is text, json or stream-json.{hint}");
        return (OutputFormat)Words.ToList().IndexOf(word);
    }
}
