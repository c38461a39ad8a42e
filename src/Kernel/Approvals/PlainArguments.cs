using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reeve.Kernel.Approvals;

/// <summary>Says arguments as they will be read, where a model wrote them so that a person reads something
/// else.</summary>
/// <remarks>JSON (RFC 8259) lets every letter be written as an escape and any space stand between two parts: both can
/// hide from a person what the tool is given.</remarks>
internal static class PlainArguments
{
    /// <summary>Spaces and escapes in which nothing can be hidden.</summary>
    private const int SurplusCharsMax = 200;

    /// <summary>What is added to the reason of a question; empty where the arguments are plain as they stand.</summary>
    public static string Hint(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return "";
        }

        var plain = Plain(arguments);
        var isPlain = !arguments.Contains("\\u", StringComparison.OrdinalIgnoreCase)
            && arguments.Length - plain.Length <= SurplusCharsMax;

        return isPlain ? "" : $" Its arguments in plain are {plain}";
    }

    private static string Plain(string arguments)
    {
        using var parsed = JsonDocument.Parse(arguments);
        using var stream = new MemoryStream();

        using (var writer = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            parsed.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
