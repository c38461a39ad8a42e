using System.Collections.Immutable;
using System.Text.Json;

namespace Reeve.Kernel.Schemas;

/// <summary>Checks one value against one schema, within a bound of steps whatever the two are.</summary>
internal sealed class SchemaCheck(JsonSchema schema)
{
    /// <summary>Faults that are told; more are not looked for.</summary>
    public const int FaultsMax = 10;

    /// <summary>Schemas applied to values, and values compared.</summary>
    public const int StepsMax = 200_000;

    private const int PlaceCharactersMax = 120;

    private readonly List<string> _faults = [];
    private int _steps;
    private int _silenced;
    private bool _isExhausted;

    public ImmutableArray<string> Check(JsonElement value)
    {
        var fits = Fits(schema.Root, value, "$", 0);

        if (_isExhausted)
        {
            return ["$ is too large or too deep to be checked against the schema"];
        }

        return fits || _faults.Count > 0 ? [.. _faults] : ["$ does not fit the schema"];
    }

    private bool Fits(JsonElement rules, JsonElement value, string place, int depth)
    {
        if (++_steps > StepsMax || depth > JsonSchema.DepthMax * 2)
        {
            _isExhausted = true;
            return false;
        }

        if (rules.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return rules.ValueKind == JsonValueKind.True || Fault(place, "must not be there");
        }

        var fits = true;

        foreach (var rule in rules.EnumerateObject())
        {
            fits &= FitsRule(rules, rule, value, place, depth + 1);

            if (_isExhausted || (!fits && (_silenced > 0 || _faults.Count >= FaultsMax)))
            {
                return false;
            }
        }

        return fits;
    }

    private bool FitsRule(JsonElement rules, JsonProperty rule, JsonElement value, string place, int depth) =>
        rule.Name switch
        {
            "$ref" => Fits(schema.Targets[rule.Value.GetString()!], value, place, depth),
            "type" => FitsType(rule.Value, value, place),
            "const" => JsonElement.DeepEquals(rule.Value, value) || Fault(place, $"must be {Short(rule.Value)}"),
            "enum" => rule.Value.EnumerateArray().Any(item => Equal(item, value))
                || Fault(place, $"must be one of {Short(rule.Value)}"),
            "allOf" => All(rule.Value.EnumerateArray(), item => Fits(item, value, place, depth)),
            "anyOf" => rule.Value.EnumerateArray().Any(item => FitsQuietly(item, value, place, depth))
                || Fault(place, "fits none of the schemas of anyOf"),
            "oneOf" => rule.Value.EnumerateArray().Count(item => FitsQuietly(item, value, place, depth)) == 1
                || Fault(place, "must fit exactly one of the schemas of oneOf"),
            "not" => !FitsQuietly(rule.Value, value, place, depth) || Fault(place, "fits what it must not fit"),
            "if" => FitsCondition(rules, rule.Value, value, place, depth),
            _ => value.ValueKind switch
            {
                JsonValueKind.Object => FitsObject(rules, rule, value, place, depth),
                JsonValueKind.Array => FitsArray(rules, rule, value, place, depth),
                JsonValueKind.String => FitsText(rule, value.GetString()!, place),
                JsonValueKind.Number => FitsNumber(rule, value, place),
                _ => true,
            },
        };

    private bool FitsType(JsonElement types, JsonElement value, string place)
    {
        var names = types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Select(type => type.GetString()!).ToList() : [types.GetString()!];
        return names.Any(name => IsOf(name, value)) || Fault(place, $"must be of type {string.Join(" or ", names)}");
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => value.ValueKind == JsonValueKind.Number && (value.TryGetDecimal(out var exact)
            ? decimal.Truncate(exact) == exact
            : value.TryGetDouble(out var large) && Math.Truncate(large).Equals(large)),
    };

    private bool FitsCondition(JsonElement rules, JsonElement condition, JsonElement value, string place, int depth)
    {
        var branch = FitsQuietly(condition, value, place, depth) ? "then" : "else";
        return !rules.TryGetProperty(branch, out var follows) || Fits(follows, value, place, depth);
    }

    private bool FitsObject(JsonElement rules, JsonProperty rule, JsonElement value, string place, int depth)
    {
        switch (rule.Name)
        {
            case "properties":
                return All(rule.Value.EnumerateObject(), member => !value.TryGetProperty(member.Name, out var part)
                    || Fits(member.Value, part, Below(place, member.Name), depth));
            case "patternProperties":
                return All(value.EnumerateObject(), part => All(
                    rule.Value.EnumerateObject().Where(member => schema.Patterns[member.Name].IsMatch(part.Name)),
                    member => Fits(member.Value, part.Value, Below(place, part.Name), depth)));
            case "additionalProperties":
                return All(value.EnumerateObject().Where(part => IsAdditional(rules, part.Name)), part =>
                    rule.Value.ValueKind == JsonValueKind.False
                        ? Fault(Below(place, part.Name), "must not be there")
                        : Fits(rule.Value, part.Value, Below(place, part.Name), depth));
            case "propertyNames":
                return All(value.EnumerateObject(), part =>
                    FitsQuietly(rule.Value, JsonSerializer.SerializeToElement(part.Name, SchemaShapes.Default.String),
                        place, depth)
                    || Fault(Below(place, part.Name), "has a name that is not allowed"));
            case "required":
                return All(rule.Value.EnumerateArray().Select(name => name.GetString()!), name =>
                    value.TryGetProperty(name, out _) || Fault(Below(place, name), "is required"));
            case "dependentSchemas":
                return All(rule.Value.EnumerateObject(), member =>
                    !value.TryGetProperty(member.Name, out _) || Fits(member.Value, value, place, depth));
            case "minProperties":
                return value.EnumerateObject().Count() >= rule.Value.GetInt32()
                    || Fault(place, $"must have at least {rule.Value.GetInt32()} members");
            case "maxProperties":
                return value.EnumerateObject().Count() <= rule.Value.GetInt32()
                    || Fault(place, $"must have at most {rule.Value.GetInt32()} members");
            default:
                return true;
        }
    }

    private bool IsAdditional(JsonElement rules, string name) =>
        !(rules.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out _))
        && !(rules.TryGetProperty("patternProperties", out var patterns)
            && patterns.EnumerateObject().Any(member => schema.Patterns[member.Name].IsMatch(name)));

    private bool FitsArray(JsonElement rules, JsonProperty rule, JsonElement value, string place, int depth)
    {
        switch (rule.Name)
        {
            case "prefixItems":
                return All(rule.Value.EnumerateArray().Zip(value.EnumerateArray().Select(
                    (item, index) => (item, index))),
                    pair => Fits(pair.First, pair.Second.item, $"{place}[{pair.Second.index}]", depth));
            case "items":
                var first = rules.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0;
                return All(value.EnumerateArray().Select((item, index) => (item, index)).Skip(first),
                    pair => Fits(rule.Value, pair.item, $"{place}[{pair.index}]", depth));
            case "contains":
                var (least, most) = (CountOf(rules, "minContains", 1), CountOf(rules, "maxContains", int.MaxValue));
                var count = value.EnumerateArray().Count(item => FitsQuietly(rule.Value, item, place, depth));
                return (count >= least && count <= most) || Fault(place, "does not contain what it must");
            case "minItems":
                return value.GetArrayLength() >= rule.Value.GetInt32()
                    || Fault(place, $"must have at least {rule.Value.GetInt32()} items");
            case "maxItems":
                return value.GetArrayLength() <= rule.Value.GetInt32()
                    || Fault(place, $"must have at most {rule.Value.GetInt32()} items");
            case "uniqueItems":
                var items = value.EnumerateArray().ToList();
                return rule.Value.ValueKind == JsonValueKind.False
                    || !items.Where((item, index) => !_isExhausted
                        && items.Take(index).Any(other => Equal(item, other))).Any()
                    || Fault(place, "must not have the same item twice");
            default:
                return true;
        }
    }

    private bool FitsText(JsonProperty rule, string text, string place) => rule.Name switch
    {
        "minLength" => text.EnumerateRunes().Count() >= rule.Value.GetInt32()
            || Fault(place, $"must have at least {rule.Value.GetInt32()} characters"),
        "maxLength" => text.EnumerateRunes().Count() <= rule.Value.GetInt32()
            || Fault(place, $"must have at most {rule.Value.GetInt32()} characters"),
        "pattern" => schema.Patterns[rule.Value.GetString()!].IsMatch(text)
            || Fault(place, $"must match the pattern {Short(rule.Value)}"),
        "format" => SchemaFormats.Fits(rule.Value.GetString()!, text)
            || Fault(place, $"must be a {rule.Value.GetString()}"),
        _ => true,
    };

    private bool FitsNumber(JsonProperty rule, JsonElement value, string place) => rule.Name switch
    {
        "minimum" => Compare(value, rule.Value) >= 0 || Fault(place, $"must be at least {Short(rule.Value)}"),
        "maximum" => Compare(value, rule.Value) <= 0 || Fault(place, $"must be at most {Short(rule.Value)}"),
        "exclusiveMinimum" => Compare(value, rule.Value) > 0 || Fault(place, $"must be more than {Short(rule.Value)}"),
        "exclusiveMaximum" => Compare(value, rule.Value) < 0 || Fault(place, $"must be less than {Short(rule.Value)}"),
        "multipleOf" => (value.TryGetDecimal(out var exact) && exact % rule.Value.GetDecimal() == 0)
            || Fault(place, $"must be a multiple of {Short(rule.Value)}"),
        _ => true,
    };

    private static int Compare(JsonElement value, JsonElement bound) => value.TryGetDecimal(out var exact)
        ? exact.CompareTo(bound.GetDecimal()) : value.GetDouble().CompareTo((double)bound.GetDecimal());

    private bool Equal(JsonElement left, JsonElement right)
    {
        _isExhausted |= ++_steps > StepsMax;
        return !_isExhausted && JsonElement.DeepEquals(left, right);
    }

    private bool FitsQuietly(JsonElement rules, JsonElement value, string place, int depth)
    {
        _silenced++;
        var fits = Fits(rules, value, place, depth);
        _silenced--;
        return fits;
    }

    /// <summary>All of them are looked at, so that more than the first fault is told.</summary>
    private bool All<TItem>(IEnumerable<TItem> items, Func<TItem, bool> fits)
    {
        var all = true;

        foreach (var item in items)
        {
            all &= fits(item);

            if (_isExhausted || (!all && (_silenced > 0 || _faults.Count >= FaultsMax)))
            {
                return false;
            }
        }

        return all;
    }

    private bool Fault(string place, string what)
    {
        if (_silenced == 0 && _faults.Count < FaultsMax)
        {
            _faults.Add($"{place} {what}");
        }

        return false;
    }

    private static int CountOf(JsonElement rules, string name, int preset) =>
        rules.TryGetProperty(name, out var count) ? count.GetInt32() : preset;

    private static string Below(string place, string name) =>
        place.Length > PlaceCharactersMax ? place : $"{place}.{SchemaReader.Shown(name)}";

    private static string Short(JsonElement value) =>
        value.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : value.GetRawText();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class SchemaShapes : System.Text.Json.Serialization.JsonSerializerContext;
