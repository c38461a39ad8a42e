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
    public const string WireName = "model.replied";
}
