using System.Collections.Immutable;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A complete reply. Estimated: the provider reported no usage.</summary>
public sealed record ModelReplied(
    int Turn,
    PayloadRef Reply,
    StopReason Stop,
    ReplyShape Shape,
    ImmutableArray<AskedCall> Calls,
    Cost Actual,
    bool IsEstimated,
    int Tokens) : EventBody
{
    /// <summary>An earlier call was the same in everything that matters: nobody was asked, nothing is
    /// owed.</summary>
    public bool IsCached { get; init; }

    public const string WireName = "model.replied";
}
