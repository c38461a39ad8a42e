using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.OpenAi;

/// <summary>Finds tool calls that a local model wrote into its text, in one of the three usual dialects.</summary>
/// <remarks>
/// <c>&lt;tool_call&gt;{"name":…,"arguments":…}&lt;/tool_call&gt;</c>,
/// <c>&lt;function=name&gt;{…}&lt;/function&gt;</c> (also with
/// <c>&lt;parameter=name&gt;</c> children), or a text that is nothing but one JSON block. Only a tool that was offered
/// is ever called, and a call inside other text in the third dialect never is.
/// </remarks>
internal static class TextToolCalls
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;

    private static readonly Regex s_tagged = new("<tool_call>(.*?)</tool_call>", Options, TimeSpan.FromSeconds(2));

    private static readonly Regex s_function =
        new(@"<function=([A-Za-z0-9_.\-]+)>(.*?)</function>", Options, TimeSpan.FromSeconds(2));

    private static readonly Regex s_parameter =
        new(@"<parameter=([A-Za-z0-9_.\-]+)>(.*?)</parameter>", Options, TimeSpan.FromSeconds(2));

    private static readonly Regex s_fence = new(@"^\s*```(?:json|tool_call)?\s*(.*?)\s*```\s*$", Options,
        TimeSpan.FromSeconds(2));

    public static (string Text, IReadOnlyList<ToolCallPart> Calls) Extract(
        string text, IReadOnlyList<ToolDescription> offered)
    {
        var names = offered.Select(tool => tool.Name).ToFrozenSet(StringComparer.Ordinal);
        var calls = new List<ToolCallPart>();
        var rest = s_tagged.Replace(text, match => Take(match, Tagged(match.Groups[1].Value, names), calls));
        rest = s_function.Replace(
            rest, match => Take(match, Function(match.Groups[1].Value, match.Groups[2].Value, names), calls));

        if (calls.Count == 0 && Block(text, names) is { } block)
        {
            calls.Add(block);
            rest = string.Empty;
        }

        var numbered = calls.Select((call, index) => call with { Id = $"text_call_{index}" }).ToList();
        return calls.Count == 0 ? (text, numbered) : (rest.Trim(), numbered);
    }

    private static string Take(Match match, ToolCallPart? call, List<ToolCallPart> calls)
    {
        if (call is null)
        {
            return match.Value;
        }

        calls.Add(call);
        return string.Empty;
    }

    private static ToolCallPart? Tagged(string inner, FrozenSet<string> names)
    {
        if (s_function.Match(inner) is { Success: true } function)
        {
            return Function(function.Groups[1].Value, function.Groups[2].Value, names);
        }

        return OfJson(inner, names);
    }

    private static ToolCallPart? Function(string name, string inner, FrozenSet<string> names)
    {
        if (!names.Contains(name))
        {
            return null;
        }

        var parameters = s_parameter.Matches(inner);
        var arguments = parameters.Count == 0 ? inner.Trim() : Written(parameters);

        return new ToolCallPart(string.Empty, name, arguments.Length == 0 ? "{}" : arguments);
    }

    private static string Written(MatchCollection parameters)
    {
        using var buffer = new MemoryStream();

        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();

            foreach (var parameter in parameters.DistinctBy(match => match.Groups[1].Value, StringComparer.Ordinal))
            {
                var value = parameter.Groups[2].Value.Trim('\n');
                writer.WritePropertyName(parameter.Groups[1].Value);

                // Numbers, booleans and objects are written bare in this dialect; all else is text.
                if (value is not ['"', ..] && JsonText.IsJson(value))
                {
                    writer.WriteRawValue(value);
                }
                else
                {
                    writer.WriteStringValue(value);
                }
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static ToolCallPart? Block(string text, FrozenSet<string> names) =>
        OfJson(s_fence.Match(text) is { Success: true } fenced ? fenced.Groups[1].Value : text, names);

    private static ToolCallPart? OfJson(string text, FrozenSet<string> names)
    {
        if (!JsonText.IsObject(text))
        {
            return null;
        }

        using var document = JsonDocument.Parse(text);
        var call = document.RootElement.TryGetProperty("function", out var nested)
            && nested.ValueKind == JsonValueKind.Object ? nested : document.RootElement;
        var hasName = call.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            && names.Contains(name.GetString()!);

        if (!hasName
            || !(call.TryGetProperty("arguments", out var arguments)
                || call.TryGetProperty("parameters", out arguments)))
        {
            return null;
        }

        return new ToolCallPart(
            string.Empty,
            name.GetString()!,
            arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : arguments.GetRawText());
    }
}
