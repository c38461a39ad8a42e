using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Models.Pricing;
using Xunit;

namespace Reeve.Tests.Unit.Models.Pricing;

public sealed class PriceListTests
{
    private static readonly PriceList s_prices = PriceList.Parse("""
        [ { "pattern": "a/x*", "from": "2025-01-01", "input": 1, "output": 2, "cached_input": 0.5, "source": "s" },
          { "pattern": "a/x*", "from": "2026-01-01", "input": 3, "output": 4, "cached_input": null, "source": "s" },
          { "pattern": "a/xy", "from": "2025-01-01", "input": 5, "output": 6, "cached_input": null, "source": "s" } ]
        """u8);

    [Theory]
    [InlineData("a/x1", "2024-12-31", null)]
    [InlineData("a/x1", "2025-01-01", 1)]
    [InlineData("a/x1", "2026-01-01", 3)]
    [InlineData("a/xy", "2026-06-01", 5)]
    [InlineData("a/xyz", "2026-06-01", 3)]
    [InlineData("b/x1", "2026-06-01", null)]
    public void The_longest_pattern_in_effect_decides_and_the_rest_is_unknown(string model, string date, int? input) =>
        Assert.Equal(input, (int?)s_prices.Find(model, DateOnly.Parse(date))?.Input);

    [Fact]
    public void A_bill_counts_cached_tokens_once()
    {
        var price = s_prices.Find("a/x1", new DateOnly(2025, 6, 1))!;

        Assert.Equal(0.0000035m, price.DollarsOf(new Usage(3, 0, 1)) + price.DollarsAtMost(1, 0));
        Assert.Equal(0.000002m, price.DollarsOf(new Usage(0, 1)));
    }

    [Fact]
    public void What_runs_here_is_free_and_says_so()
    {
        var shipped = PriceList.Shipped();

        Assert.True(shipped.Find("scripted/demo", new DateOnly(2026, 1, 1))!.IsFree);
        Assert.True(shipped.Find("ollama/any", new DateOnly(2026, 1, 1))!.IsFree);
        Assert.Null(shipped.Find("openai/unheard-of", new DateOnly(2026, 1, 1)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """[ { "pattern": "a", "from": "2025-01-01", "input": -1,"""
        + """ "output": 2, "cached_input": null, "source": "s" } ]""")]
    [InlineData(
        """[ { "pattern": "a", "from": "2025-01-01", "input": 1,"""
        + """ "output": 2, "cached_input": null, "source": "s", "more": 1 } ]""")]
    public void A_list_that_is_wrong_is_refused(string json) => Assert.Equal(
        "prices.invalid",
        Assert.Throws<ProblemException>(() => PriceList.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Problem.Code);
}
