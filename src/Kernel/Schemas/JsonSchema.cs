using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reeve.Authority;

namespace Reeve.Kernel.Schemas;

/// <summary>A JSON Schema (draft 2020-12) that was read whole and understood: every keyword in it is
/// checked.</summary>
/// <remarks>
/// The usual keywords only. One that is not known is refused by its name when the schema is read, because a keyword
/// that
/// is passed over would let through what it was written to keep out. Patterns run without backtracking.
/// </remarks>
public sealed class JsonSchema
{
    public const int BytesMax = 64 * 1024;

    /// <summary>Schemas and values nested deeper are refused.</summary>
    public const int DepthMax = 64;

    private JsonSchema(JsonElement root, FrozenDictionary<string, Regex> patterns, FrozenDictionary<string,
        JsonElement> targets) =>
        (Root, Patterns, Targets) = (root, patterns, targets);

    internal JsonElement Root { get; }

    internal FrozenDictionary<string, Regex> Patterns { get; }

    /// <summary>What each reference of the schema stands for.</summary>
    internal FrozenDictionary<string, JsonElement> Targets { get; }

    /// <exception cref="ProblemException">
    /// <c>schema.too_large</c>, <c>schema.invalid</c>, <c>schema.keyword_unknown</c>.
    /// </exception>
    public static JsonSchema Parse(string text)
    {
        Problem.ThrowUnless(
            Encoding.UTF8.GetByteCount(text) <= BytesMax, "schema.too_large",
            $"A schema of the output has at most {BytesMax} bytes.");
        var root = ReadJson(text);
        var reader = new SchemaReader(root);
        reader.Read(root, "$", 0);
        return new JsonSchema(root, reader.Patterns.ToFrozenDictionary(StringComparer.Ordinal),
            reader.Targets.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>What of a value does not fit, one sentence each; none where it fits.</summary>
    public ImmutableArray<string> FaultsOf(JsonElement value) => new SchemaCheck(this).Check(value);

    private static JsonElement ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(
                text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax });
            return document.RootElement.Clone();
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new ProblemException(new Problem(
                "schema.invalid",
                "The schema of the output is not JSON, names a member twice or is nested too deeply."));
        }
    }
}
