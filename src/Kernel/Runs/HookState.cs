using System.Collections.Immutable;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>Where the hooks of a run stand that are not about a call.</summary>
public sealed record HookState
{
    public static HookState Empty { get; } = new();

    public bool IsGoalHeard { get; init; }

    /// <summary>Why the goal is not worked on; none where it is.</summary>
    public PayloadRef GoalRefusal { get; init; }

    public string GoalRefusalCode { get; init; } = "";

    /// <summary>What a person said and no hook has heard yet, the oldest first; the model does not know it.</summary>
    public ImmutableList<ContextItem> Inputs { get; init; } = [];

    /// <summary>The end that is claimed now was put to the hooks.</summary>
    public bool IsStopHeard { get; init; }

    /// <summary>How often an end was given back to the model.</summary>
    public int StopDenials { get; init; }

    /// <summary>Why the claim cannot be a success any more; empty where it can.</summary>
    public string StopCode { get; init; } = "";

    /// <summary>What was said of the summary that is due; null where nobody was asked.</summary>
    public HookAnswer? Compaction { get; init; }
}
