namespace Reeve.Kernel.Journal.Events;

/// <summary>The answer was held against the schema of the output; what does not fit is told to the model.</summary>
public sealed record OutputChecked(
    int Round,
    bool Fits,
    PayloadRef Problem,
    int Tokens) : EventBody
{
    public const string WireName = "output.checked";
}
