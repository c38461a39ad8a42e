using System.Collections.Immutable;

namespace Reeve.Authority.Mandates;

/// <summary>One HTTP request.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="Body">Sent piece after piece, so that what is already in memory is not copied together.</param>
public sealed record ReachRequest(
    string Method, string Url, ImmutableArray<ReachHeader> Headers, IReadOnlyList<ReadOnlyMemory<byte>> Body)
{
    public ReachLimits Limits { get; init; } = ReachLimits.Default;
}
