using Reeve.Kernel.Approvals;

namespace Reeve.Hosting.Runs;

/// <summary>What a person says to a question of a run.</summary>
/// <param name="Scope">For how long a yes counts; a no is always for this one action.</param>
public sealed record ApprovalReply(bool IsApproved, ApprovalScope Scope = ApprovalScope.Once)
{
    /// <summary>The rules to approve beyond this action; empty takes those that were shown.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>For the journal.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the model is told of a denial.</summary>
    public string Said { get; init; } = "";

    /// <summary>Who answers; empty for the person at this machine.</summary>
    public string By { get; init; } = "";
}

/// <summary>A decision of the gate as it was recorded.</summary>
/// <param name="Sequence">The entry of the journal.</param>
/// <param name="Arguments">What the tool was asked to do, redacted.</param>
/// <param name="Tier">Who wrote what decided: administrator, user, workspace, mandate, protected or default.</param>
/// <param name="Label">Where what led to the call came from.</param>
public sealed record RecordedDecision(
    long Sequence, string Call, string Tool, string Arguments, string Decision, string Reason, string Rule,
    string Tier, string Mandate, string Mode, string Label);

/// <summary>What came of deciding recorded calls anew.</summary>
public sealed record Backtest(int Runs, int Decisions, IReadOnlyList<ChangedDecision> Changed);

/// <summary>A recorded call that other rules would decide otherwise.</summary>
public sealed record ChangedDecision(
    string Run, long Sequence, string Tool, string Arguments, string Before, string After, string Reason, string Rule);
