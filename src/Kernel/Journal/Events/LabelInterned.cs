namespace Reeve.Kernel.Journal.Events;

/// <summary>Gives a label its number in this run.</summary>
public sealed record LabelInterned(
    int Index,
    PayloadRef Definition) : EventBody
{
    public const string WireName = "label.interned";
}
