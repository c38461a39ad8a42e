namespace Reeve.Kernel.Models;

/// <summary>What an estimate of tokens is multiplied by for one model, learnt from the usage its provider
/// reports.</summary>
/// <remarks>
/// It rises at once to what was seen and falls a little at a time, and never below one: the estimate is conservative
/// by itself, and a text of another kind may follow. Never above <see cref="PerMilleMax"/>, whatever is reported.
/// </remarks>
/// <param name="PerMille">Zero in runs that were admitted before estimates were calibrated.</param>
public readonly record struct TokenScale(int PerMille)
{
    public const int PerMilleMin = 1_000;
    public const int PerMilleMax = 4_000;

    /// <summary>Texts below this say more about the frame of a request than about its words.</summary>
    public const int LearnableTokensMin = 200;

    /// <summary>The share of the provider's own count that an estimate never falls below.</summary>
    public const int ShareMin = 95;

    private const int FallDivisor = 8;

    public static TokenScale Unlearnt { get; } = new(PerMilleMin);

    /// <summary>A scale as it was kept, which may be anything.</summary>
    public static TokenScale Of(int perMille) => new(Math.Clamp(perMille, PerMilleMin, PerMilleMax));

    public long Estimate(long counted) => ((counted * PerMille) + 999) / 1_000;

    /// <summary>The most the provider may count where the estimate keeps its promise.</summary>
    public static long AtMost(long estimate) => ((estimate * 100) + ShareMin - 1) / ShareMin;

    public TokenScale Learn(long counted, long reported)
    {
        if (counted < LearnableTokensMin)
        {
            return this;
        }

        var seen = Of((int)Math.Clamp(Math.Max(0, reported) * 1_000m / counted, 0, PerMilleMax)).PerMille;
        return seen >= PerMille ? new(seen) : new(PerMille - ((PerMille - seen) / FallDivisor));
    }
}
