using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority;

namespace Reeve.Models.Pricing;

/// <summary>Prices as dated data. A model that is not in it has an unknown price, which is never zero.</summary>
/// <remarks>
/// A full name decides before a pattern and a longer pattern before a shorter, and of its entries the latest
/// that is already in effect. A pattern is a
/// model's full name, with at most one <c>*</c> at its end.
/// </remarks>
public sealed class PriceList
{
    public const int EntriesMax = 10_000;

    private readonly ImmutableArray<Price> _prices;

    private PriceList(ImmutableArray<Price> prices) => _prices = prices;

    /// <summary>The list that ships with the product. Only an illustration: bring your own for what you pay.</summary>
    public static PriceList Shipped()
    {
        using var stream = typeof(PriceList).Assembly.GetManifestResourceStream("prices.json")
            ?? throw new InvalidOperationException("The price list is not part of the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);

        return Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <exception cref="ProblemException"><c>prices.invalid</c>.</exception>
    public static PriceList Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var prices = JsonSerializer.Deserialize(json, PriceJson.Default.ImmutableArrayPrice);
            Problem.ThrowUnless(
                !prices.IsDefault && prices.Length <= EntriesMax
                    && prices.All(price => price is { Input: >= 0, Output: >= 0, CachedInput: null or >= 0 }),
                "prices.invalid", "A price list is an array of at most 10000 prices, none of them negative.");

            return new PriceList(prices);
        }
        catch (JsonException failure)
        {
            throw new ProblemException(new Problem(
                "prices.invalid", $"The price list is not valid (line {(failure.LineNumber ?? 0) + 1})."));
        }
    }

    /// <summary>Null where the price is unknown.</summary>
    public Price? Find(string providerAndModel, DateOnly date) => _prices
        .Where(price => price.From <= date && Matches(price.Pattern, providerAndModel))
        .OrderByDescending(price => price.Pattern is not [.., '*'])
        .ThenByDescending(price => price.Pattern.Length)
        .ThenByDescending(price => price.From)
        .FirstOrDefault();

    private static bool Matches(string pattern, string name) => pattern is [.. var start, '*']
        ? name.StartsWith(start, StringComparison.Ordinal)
        : string.Equals(pattern, name, StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImmutableArray<Price>))]
internal sealed partial class PriceJson : JsonSerializerContext;
