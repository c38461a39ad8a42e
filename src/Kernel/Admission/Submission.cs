using System.Collections.Immutable;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Admission;

/// <summary>What somebody asks Reeve to do, from whichever door it came.</summary>
/// <param name="Goal">What is wanted, in the person's words.</param>
/// <param name="Guidance">Text of the workspace's AGENTS.md; empty where there is none.</param>
/// <param name="Mandate">The mandate as it will be recorded.</param>
/// <param name="WorkspaceId">Names the workspace without telling its path.</param>
/// <param name="IdempotencyKey">The same key never starts a second run; null where there is none.</param>
public sealed record Submission(
    Principal Principal,
    string Goal,
    string Guidance,
    RunTerms Terms,
    RunLimits Limits,
    ModelTerms Model,
    byte[] Mandate,
    string MandateId,
    string WorkspaceId,
    string? IdempotencyKey = null)
{
    /// <summary>Models that are asked in this order where the first cannot answer.</summary>
    public ImmutableArray<ModelTerms> Fallback { get; init; } = [];

    /// <summary>How often an answer that does not fit the schema of the output is given back.</summary>
    public int OutputRepairs { get; init; } = 2;

    /// <summary>How the run chooses among its first models; null where it was told which to take.</summary>
    public RouterTerms? Router { get; init; }
}
