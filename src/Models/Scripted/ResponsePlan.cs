using System.Collections.Immutable;

namespace Reeve.Models.Scripted;

/// <summary>What a scripted server sends: a head, pieces of a body that each leave on their own, and how it
/// ends.</summary>
public sealed record ResponsePlan(
    int Status,
    ImmutableArray<KeyValuePair<string, string>> Headers,
    TimeSpan Latency,
    ImmutableArray<ReadOnlyMemory<byte>> Pieces,
    ResponseEnd End);

/// <summary>How a response ends.</summary>
public enum ResponseEnd
{
    Complete = 0,

    /// <summary>The connection is closed at once.</summary>
    Abort,

    /// <summary>The connection stays open in silence until the client leaves.</summary>
    Hang,
}
