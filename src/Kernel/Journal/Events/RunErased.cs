namespace Reeve.Kernel.Journal.Events;

/// <summary>A person had all words of the run erased: payloads, salts, key and view. The chain stays.</summary>
/// <param name="Entries">How many entries say from now on only that they were there.</param>
public sealed record RunErased(
    long Entries) : EventBody
{
    public const string WireName = "run.erased";
}
