using Reeve.Authority.Labels;
using System.Collections.Immutable;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Where one tool call of the present turn stands.</summary>
/// <param name="Tool">The tool's name when it is one of ours, else empty.</param>
/// <param name="Action">The action a person is or was asked about; none when nobody was.</param>
/// <param name="Answer">Who said yes to it, and with which words.</param>
public sealed record CallState(
    CallId Id,
    string Tool,
    CallStage Stage,
    EffectClass EffectClass = EffectClass.Once,
    int Attempt = 0,
    PayloadRef Action = default,
    DateTimeOffset ApprovalExpiresAt = default,
    string ProblemCode = "",
    PayloadRef Reason = default,
    PayloadRef Answer = default,
    bool EndsRun = false,
    bool NeedsSandbox = false,
    ToolOutcome Outcome = ToolOutcome.Broken)
{
    /// <summary>The hooks have been asked about this call.</summary>
    public bool IsHooked { get; init; }

    /// <summary>The label of what a hook said; null where it said nothing that is passed on.</summary>
    public LabelId? HookLabel { get; init; }

    /// <summary>What came of it, while it is held.</summary>
    public ContextItem? Observation { get; init; }

    /// <summary>The whole of an observation that is held and would be shown cut.</summary>
    public PayloadRef HeldFull { get; init; }

    /// <summary>Who approved it so far; their names are payloads.</summary>
    public ImmutableArray<PayloadRef> Approvers { get; init; } = [];

    /// <summary>How many different persons have to approve.</summary>
    public int PersonsNeeded { get; init; } = 1;

    public bool IsFinished => Stage == CallStage.Finished;
}

public enum CallStage
{
    Asked = 0,

    /// <summary>The gate or a person said no; it remains to tell the model.</summary>
    Denied,
    WaitsForApproval,

    /// <summary>Allowed, but a hook wants a person to be asked.</summary>
    HookAsks,

    /// <summary>Allowed, or approved by a person.</summary>
    Ready,
    Started,

    /// <summary>Started by a worker that is gone.</summary>
    Interrupted,
    InDoubt,

    /// <summary>Done, and shown to nobody until hooks have been asked.</summary>
    Held,
    Finished,
}
