using Reeve.Kernel.Budgets;
using Reeve.Kernel.Models;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The intent to call the model; its worst case is reserved.</summary>
public sealed record ModelRequested(
    ModelPurpose Purpose,
    int Turn,
    int Attempt,
    Cost Reserved,
    int OutputTokensMax,
    int Messages) : EventBody
{
    /// <summary>Which model of the chain is asked; zero is the first.</summary>
    public int Model { get; init; }

    public const string WireName = "model.requested";
}
