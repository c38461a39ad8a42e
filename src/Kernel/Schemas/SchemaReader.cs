using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reeve.Authority;

namespace Reeve.Kernel.Schemas;

/// <summary>Reads a schema once and refuses what is not understood, so that checking need not.</summary>
internal sealed class SchemaReader(JsonElement root)
{
    private const int NameShownMax = 40;

    private static readonly FrozenDictionary<string, Kind> s_keywords = new Dictionary<string, Kind>
    {
        ["$schema"] = Kind.Anything, ["$id"] = Kind.Anything, ["$comment"] = Kind.Anything, ["title"] = Kind.Anything,
        ["description"] = Kind.Anything, ["default"] = Kind.Anything, ["examples"] = Kind.Anything,
        ["deprecated"] = Kind.Anything, ["readOnly"] = Kind.Anything, ["writeOnly"] = Kind.Anything,
        ["const"] = Kind.Anything, ["enum"] = Kind.List, ["type"] = Kind.Type, ["$ref"] = Kind.Reference,
        ["$defs"] = Kind.SchemaMap, ["definitions"] = Kind.SchemaMap,
        ["properties"] = Kind.SchemaMap, ["patternProperties"] = Kind.SchemaMap, ["dependentSchemas"] = Kind.SchemaMap,
        ["additionalProperties"] = Kind.Schema, ["propertyNames"] = Kind.Schema, ["items"] = Kind.Schema,
        ["contains"] = Kind.Schema, ["not"] = Kind.Schema, ["if"] = Kind.Schema, ["then"] = Kind.Schema,
        ["else"] = Kind.Schema,
        ["prefixItems"] = Kind.SchemaList, ["allOf"] = Kind.SchemaList, ["anyOf"] = Kind.SchemaList,
        ["oneOf"] = Kind.SchemaList,
        ["required"] = Kind.Names,
        ["minLength"] = Kind.Count, ["maxLength"] = Kind.Count, ["minItems"] = Kind.Count, ["maxItems"] = Kind.Count,
        ["minProperties"] = Kind.Count, ["maxProperties"] = Kind.Count, ["minContains"] = Kind.Count,
        ["maxContains"] = Kind.Count,
        ["minimum"] = Kind.Number, ["maximum"] = Kind.Number, ["exclusiveMinimum"] = Kind.Number,
        ["exclusiveMaximum"] = Kind.Number, ["multipleOf"] = Kind.Step,
        ["uniqueItems"] = Kind.Switch, ["pattern"] = Kind.Pattern, ["format"] = Kind.Format,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_types = new[]
    {
        "null", "boolean", "object", "array", "number", "integer", "string",
    }.ToFrozenSet(StringComparer.Ordinal);

    private enum Kind
    {
        Anything = 0, List, Type, Reference, Schema, SchemaList, SchemaMap, Names, Count, Number, Step, Switch, Pattern,
        Format,
    }

    public Dictionary<string, Regex> Patterns { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, JsonElement> Targets { get; } = new(StringComparer.Ordinal);

    public void Read(JsonElement schema, string place, int depth)
    {
        Require(depth <= JsonSchema.DepthMax, place, "is nested too deeply");

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        Require(schema.ValueKind == JsonValueKind.Object, place, "must be an object, true or false");

        foreach (var member in schema.EnumerateObject())
        {
            Problem.ThrowUnless(
                s_keywords.TryGetValue(member.Name, out var kind), "schema.keyword_unknown",
                $"The schema uses the keyword '{Shown(member.Name)}' at {place}, "
                + "which Reeve does not check; leave it out.");
            ReadMember(kind, member.Value, member.Name == "patternProperties", $"{place}.{Shown(member.Name)}", depth);
        }
    }

    private void ReadMember(Kind kind, JsonElement value, bool hasPatterns, string place, int depth)
    {
        switch (kind)
        {
            case Kind.Schema:
                Require(value.ValueKind != JsonValueKind.Array, place,
                    "must be one schema (for a tuple use prefixItems)");
                Read(value, place, depth + 1);
                break;
            case Kind.SchemaList:
                Require(value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() > 0, place,
                    "must be a list");
                foreach (var item in value.EnumerateArray())
                {
                    Read(item, place, depth + 1);
                }

                break;
            case Kind.SchemaMap:
                Require(value.ValueKind == JsonValueKind.Object, place, "must be an object");
                foreach (var member in value.EnumerateObject())
                {
                    AddPattern(hasPatterns ? member.Name : null, place);
                    Read(member.Value, $"{place}.{Shown(member.Name)}", depth + 1);
                }

                break;
            case Kind.Reference:
                ReadReference(value, place);
                break;
            case Kind.Pattern:
                Require(value.ValueKind == JsonValueKind.String, place, "must be a text");
                AddPattern(value.GetString(), place);
                break;
            default:
                Require(IsPlain(kind, value), place, "has a value that this keyword cannot have");
                break;
        }
    }

    private static bool IsPlain(Kind kind, JsonElement value) => kind switch
    {
        Kind.Anything => true,
        Kind.List => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0,
        Kind.Names => AreTexts(value),
        Kind.Type => IsType(value)
            || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
                && value.EnumerateArray().All(IsType)),
        Kind.Count => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0,
        Kind.Number => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _),
        Kind.Step => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var step) && step > 0,
        Kind.Switch => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        Kind.Format => value.ValueKind == JsonValueKind.String && SchemaFormats.Names.Contains(value.GetString()!),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static bool IsType(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && s_types.Contains(value.GetString()!);

    private static bool AreTexts(JsonElement value) => value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);

    private void ReadReference(JsonElement value, string place)
    {
        Require(value.ValueKind == JsonValueKind.String, place, "must be a text");
        var reference = value.GetString()!;
        Require(reference is ['#'] or ['#', '/', ..], place,
            "must refer to a part of the same schema, as #/$defs/name");
        var target = root;

        foreach (var step in reference.Length == 1 ? [] : reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            Require(
                target.ValueKind == JsonValueKind.Object && target.TryGetProperty(name, out target), place,
                "refers to a part that does not exist");
        }

        // Reached by a path through members that are no schemas, it was not read yet.
        if (Targets.TryAdd(reference, target))
        {
            Read(target, place, 0);
        }
    }

    private void AddPattern(string? pattern, string place)
    {
        if (pattern is null || Patterns.ContainsKey(pattern))
        {
            return;
        }

        try
        {
            Patterns.Add(
                pattern,
                new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
                    TimeSpan.FromSeconds(1)));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            Require(false, place, "is no regular expression, or one that needs backtracking");
        }
    }

    private static void Require(bool condition, string place, string what) =>
        Problem.ThrowUnless(condition, "schema.invalid", $"The schema's {place} {what}.");

    /// <summary>A name that somebody wrote: short, and of plain characters.</summary>
    internal static string Shown(string name)
    {
        var head = name.Length > NameShownMax ? name[..NameShownMax] + "…" : name;
        return string.Concat(head.Select(letter => char.IsAsciiLetterOrDigit(letter) || "$_-.… /*+^".Contains(letter)
            ? letter : '?'));
    }
}
