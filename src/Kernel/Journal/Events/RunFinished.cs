using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>The end. Nothing of the run is left running; only what a person does with its changes follows.</summary>
public sealed record RunFinished(
    RunStatus Status,
    string Reason,
    ProofLevel Proof,
    PayloadRef Result,
    PayloadRef Tree,
    string TreeId,
    int ChangedPaths,
    int ChangedTests) : EventBody
{
    public const string WireName = "run.finished";
}
