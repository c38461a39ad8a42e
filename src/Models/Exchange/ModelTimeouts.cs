using Reeve.Authority.Mandates;

namespace Reeve.Models.Exchange;

/// <summary>How long one attempt may take, and how much it may bring.</summary>
public sealed record ModelTimeouts
{
    public static ModelTimeouts Default { get; } = new();

    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan FirstTokenTimeMax { get; init; } = TimeSpan.FromSeconds(120);

    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan TotalTimeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of one reply, and so of one event of its stream.</summary>
    public long ReplyBytesMax { get; init; } = 64 * 1024 * 1024;

    internal ReachLimits ToLimits() => new()
    {
        ConnectTimeMax = ConnectTimeMax,
        FirstByteTimeMax = FirstTokenTimeMax,
        SilenceMax = SilenceMax,
        TotalTimeMax = TotalTimeMax,
        BodyBytesMax = ReplyBytesMax,
    };
}
