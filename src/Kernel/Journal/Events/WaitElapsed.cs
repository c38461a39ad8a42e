namespace Reeve.Kernel.Journal.Events;

/// <summary>The pause before another attempt is over.</summary>
public sealed record WaitElapsed(
    long Milliseconds) : EventBody
{
    public const string WireName = "wait.elapsed";
}
