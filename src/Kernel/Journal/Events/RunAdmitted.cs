using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Journal.Events;

/// <summary>A run begins. Terms hold what was agreed in words: workspace, model, criteria, system prompt.</summary>
public sealed record RunAdmitted(
    PayloadRef Goal,
    PayloadRef Mandate,
    PayloadRef Terms,
    RunLimits Limits,
    ModelTerms Model,
    int Criteria,
    int PinnedTokens,
    int GoalTokens) : EventBody
{
    /// <summary>Models that are asked in this order where the first cannot answer.</summary>
    public ImmutableArray<ModelTerms> Fallback { get; init; } = [];

    /// <summary>How often an answer that does not fit the schema of the output is given back; null where there is no
    /// schema.</summary>
    public int? OutputRepairs { get; init; }

    /// <summary>Hooks are asked before each call.</summary>
    public bool HasHooks { get; init; }

    /// <summary>Where else hooks are asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public HookPoints LaterHooks { get; init; }

    /// <summary>How often an end that hooks do not accept is given back to the model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int StopRounds { get; init; }

    /// <summary>What the run goes on from; null for one that begins anew.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunOrigin? Origin { get; init; }

    /// <summary>How the run chooses among its first models; null where it was told which to take.</summary>
    public RouterTerms? Router { get; init; }

    public const string WireName = "run.admitted";
}
