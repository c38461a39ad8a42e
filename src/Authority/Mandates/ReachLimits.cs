namespace Reeve.Authority.Mandates;

/// <summary>What one exchange may take. Each is enforced while the response streams.</summary>
public sealed record ReachLimits
{
    public static ReachLimits Default { get; } = new();

    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the request to the first byte of the body, the head included.</summary>
    public TimeSpan FirstByteTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two reads of the body.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan TotalTimeMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of the body, counted both as received and after decompression.</summary>
    public long BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Redirects that are followed; each is judged like the first address.</summary>
    public int RedirectsMax { get; init; }
}
