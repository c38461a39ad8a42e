using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reeve.Models.Selection;

/// <summary>A provider as data: what it speaks and where it listens unless the operator says otherwise.</summary>
internal sealed record ProviderData(string Name, string Dialect, string? BaseUrl, bool NeedsKey)
{
    public static ImmutableArray<ProviderData> ReadAll()
    {
        using var stream = typeof(ProviderData).Assembly.GetManifestResourceStream("providers.json")
            ?? throw new InvalidOperationException("The providers are not part of the assembly.");

        return JsonSerializer.Deserialize(stream, ProviderJson.Default.ImmutableArrayProviderData);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ImmutableArray<ProviderData>))]
internal sealed partial class ProviderJson : JsonSerializerContext;
