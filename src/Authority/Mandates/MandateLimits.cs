namespace Reeve.Authority.Mandates;

/// <summary>What a run may use up in all. Null means that this part is not limited by the mandate.</summary>
public sealed record MandateLimits(
    decimal? DollarsMax = null,
    long? TokensMax = null,
    int? TurnsMax = null,
    long? ToolCallsMax = null,
    TimeSpan? WallTimeMax = null);
