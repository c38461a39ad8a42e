using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Reeve.Kernel.Schemas;

namespace Reeve.Kernel.Evidence;

/// <summary>Reads the answer of a run that owes JSON: the value alone, or the value in one fence around it.</summary>
/// <remarks>Nothing is mended and nothing is searched for in prose: what else stands there is a fault.</remarks>
public static class StructuredAnswer
{
    private const string Fence = "```";

    /// <summary>The answer as JSON in plain ASCII, so that no character of it commands a terminal; null where it is no
    /// JSON.</summary>
    public static string? Read(string answer)
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = JsonSchema.DepthMax };

        try
        {
            using var document = JsonDocument.Parse(Bare(answer), options);
            using var bytes = new MemoryStream();

            using (var writer = new Utf8JsonWriter(bytes))
            {
                document.RootElement.WriteTo(writer);
            }

            return Encoding.ASCII.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair is an invalid operation to the writer, and no JSON to us.
            return null;
        }
    }

    /// <summary>What is wrong with an answer, one sentence each; none where it fits.</summary>
    public static ImmutableArray<string> FaultsOf(string answer, JsonSchema schema)
    {
        if (Read(answer) is not { } json)
        {
            return ["the answer is not one JSON value and nothing else"];
        }

        using var document = JsonDocument.Parse(json);
        return schema.FaultsOf(document.RootElement);
    }

    private static string Bare(string answer)
    {
        var text = answer.Trim();
        var lineEnd = text.IndexOf('\n', StringComparison.Ordinal);

        return text.StartsWith(Fence, StringComparison.Ordinal) && text.EndsWith(Fence, StringComparison.Ordinal)
            && lineEnd > 0 && text.Length - Fence.Length > lineEnd
            ? text[lineEnd..^Fence.Length] : text;
    }
}
