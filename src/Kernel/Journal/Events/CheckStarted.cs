namespace Reeve.Kernel.Journal.Events;

/// <summary>Reeve begins to run a criterion itself.</summary>
public sealed record CheckStarted(
    int Criterion,
    int Round) : EventBody
{
    public const string WireName = "check.started";
}
