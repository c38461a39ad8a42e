namespace Reeve.Kernel.Journal.Events;

/// <summary>The sandbox attacked itself with the profile that commands will run in, and held.</summary>
public sealed record SandboxVerified(
    string Tier,
    string Profile,
    string Filter,
    int ProbesStopped,
    int ProbesTotal,
    long Milliseconds) : EventBody
{
    public const string WireName = "sandbox.verified";
}
