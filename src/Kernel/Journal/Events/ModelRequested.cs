using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The intent to call the model; its worst case is reserved.</summary>
public sealed record ModelRequested(
    int Turn,
    int Attempt,
    Cost Reserved,
    int OutputTokensMax,
    int Messages) : EventBody
{
    public const string WireName = "model.requested";
}
