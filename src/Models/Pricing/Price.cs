using Reeve.Kernel.Models;

namespace Reeve.Models.Pricing;

/// <summary>What a model costs from a date on, in US dollars per million tokens.</summary>
/// <param name="Source">Where the figure was taken from, and when.</param>
public sealed record Price(
    string Pattern, DateOnly From, decimal Input, decimal Output, decimal? CachedInput, string Source)
{
    private const decimal Million = 1_000_000m;

    public bool IsFree => Input == 0 && Output == 0;

    /// <summary>The bill of one call.</summary>
    public decimal DollarsOf(Usage usage)
    {
        var cached = Math.Min(usage.CachedInputTokens, usage.InputTokens);

        return (((usage.InputTokens - cached) * Input)
            + (cached * (CachedInput ?? Input)) + (usage.OutputTokens * Output))
            / Million;
    }

    /// <summary>The most a call can cost; nothing is assumed to be cached.</summary>
    public decimal DollarsAtMost(long inputTokens, long outputTokens) =>
        ((inputTokens * Input) + (outputTokens * Output)) / Million;
}
