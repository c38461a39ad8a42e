using System.Text.Json;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Live;

/// <summary>Says a tool call in one short line: the argument that matters, not the JSON around it.</summary>
internal static class CallWords
{
    public const int LengthMax = 120;

    private static readonly string[] s_telling =
        ["command", "path", "pattern", "query", "url", "result", "summary", "question"];

    public static string Of(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);

            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return InertText.OneLine(Telling(document.RootElement), LengthMax);
            }
        }
        catch (JsonException)
        {
            // What is no JSON is shown as it was written.
        }

        return InertText.OneLine(arguments, LengthMax);
    }

    private static string Telling(JsonElement arguments)
    {
        var found = s_telling
            .Select(name => arguments.TryGetProperty(name, out var value) ? value : default)
            .FirstOrDefault(value => value.ValueKind != JsonValueKind.Undefined);

        return found.ValueKind switch
        {
            JsonValueKind.Undefined => arguments.EnumerateObject().Any() ? arguments.GetRawText() : "",
            JsonValueKind.String => found.GetString()!,
            JsonValueKind.Array => string.Join(' ', found.EnumerateArray().Select(item => item.ToString())),
            _ => found.GetRawText(),
        };
    }
}
