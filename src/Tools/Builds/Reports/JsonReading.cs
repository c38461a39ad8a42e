using System.Text.Json;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Reads members of reports that nobody vouches for: one that is missing or of another kind is
/// empty.</summary>
internal static class JsonReading
{
    public static JsonElement? Child(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var child)
        && child.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? child : null;

    public static string Text(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var child)
        && child.ValueKind == JsonValueKind.String
            ? child.GetString()! : "";

    public static int? Number(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var child)
        && child.ValueKind == JsonValueKind.Number
        && child.TryGetInt32(out var number)
            ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
