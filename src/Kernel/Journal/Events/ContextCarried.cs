using System.Collections.Immutable;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>Parts of the parent's conversation, copied: sealed anew, and with the labels they had.</summary>
public sealed record ContextCarried(
    ImmutableArray<CarriedItem> Items) : EventBody
{
    /// <summary>Parts in one entry; a longer conversation takes several.</summary>
    public const int ItemsMax = 256;

    public const string WireName = "context.carried";
}

/// <summary>One part, as the model is shown it.</summary>
/// <param name="Label">Number of its label in this run.</param>
/// <param name="Index">Of the call an observation answers.</param>
/// <param name="Name">Under which the whole of a cut observation is kept; empty where it is not cut.</param>
public sealed record CarriedItem(
    ContextItemKind Kind, int Label, int Index, PayloadRef Content, int Tokens, string Name, PayloadRef Full);
