namespace Reeve.Kernel.Journal.Events;

/// <summary>A person sent the run a message.</summary>
public sealed record InputReceived(
    PayloadRef Text,
    int Tokens) : EventBody
{
    public const string WireName = "input.received";
}
