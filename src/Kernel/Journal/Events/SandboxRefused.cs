namespace Reeve.Kernel.Journal.Events;

/// <summary>No sandbox could be verified; no command runs.</summary>
public sealed record SandboxRefused(
    string Code,
    PayloadRef Detail) : EventBody
{
    public const string WireName = "sandbox.refused";
}
