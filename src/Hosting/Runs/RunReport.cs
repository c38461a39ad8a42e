using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Runs;

/// <summary>Everything a person or program wants to know of one run, read from its journal.</summary>
/// <param name="Result">What the agent says it achieved; empty while it works.</param>
/// <param name="Problem">Why it failed, in one sentence; empty otherwise.</param>
public sealed record RunReport(
    RunKey Run,
    RunStatus Status,
    string Reason,
    ProofLevel Proof,
    string Goal,
    string Workspace,
    string Model,
    string Result,
    string Problem,
    IReadOnlyList<CriterionReport> Criteria,
    IReadOnlyList<ChangedPath> Changes,
    RunBill Bill,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    int Turns,
    bool IsApplied,
    bool IsDiscarded,
    IReadOnlyList<PendingApproval> Approvals,
    IReadOnlyList<string> CallsInDoubt)
{
    /// <summary>What was agreed about applying: <c>ask</c>, <c>verified</c> or <c>never</c>.</summary>
    public string Apply { get; init; } = "ask";

    /// <summary>Parts of the budget that were told to be nearly used up, and from how much on that is told.</summary>
    public IReadOnlyList<Kernel.Budgets.BudgetPart> Warned { get; init; } = [];

    public int WarnAtPercent { get; init; }

    /// <summary>The result is JSON in plain ASCII that fits the schema of the output.</summary>
    public bool IsStructured { get; init; }

    /// <summary>True where another run was applied to the workspace since this one last met it.</summary>
    public bool IsStale { get; init; }

    /// <summary>The branch that holds the commits of an applied run; empty where there is none.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The list of work of the agent, one item a line; empty where it keeps none.</summary>
    public string Todo { get; init; } = "";
}

/// <summary>A criterion and what it said; see <see cref="CheckOutcome"/>.</summary>
public sealed record CriterionReport(string Command, CheckOutcome Outcome, int ExitCode);

/// <summary>A changed path of the view. Tests are named, because a change to a test may make it pass.</summary>
public sealed record ChangedPath(
    string Path, string Kind, int LinesAdded, int LinesRemoved, bool IsTest, bool IsIgnored, bool IsRefused)
{
    /// <summary>True where the user's own file has it by now.</summary>
    public bool IsApplied { get; init; }
}

/// <summary>What the run cost. Dollars are null where the price of the model is not known.</summary>
public sealed record RunBill(
    decimal? Dollars, long InputTokens, long OutputTokens, long ToolCalls, int ModelCalls, TimeSpan ActiveTime,
    bool IsEstimated, string PriceSource)
{
    /// <summary>What each model of the chain that was asked had of it, the first one first.</summary>
    public IReadOnlyList<ModelShare> Models { get; init; } = [];
}

/// <summary>One model's part of a bill. Dollars are null where its price is not known.</summary>
/// <param name="Replies">Calls that came to a reply.</param>
public sealed record ModelShare(
    string Name, int Calls, int Replies, decimal? Dollars, long InputTokens, long OutputTokens);

/// <summary>A question that waits for a person.</summary>
/// <param name="Action">Names the exact action; an answer carries it back.</param>
public sealed record PendingApproval(
    string Action, string Tool, string Arguments, string Reason, DateTimeOffset ExpiresAt)
{
    /// <summary>The narrowest rules that cover it; empty where it can only be approved once.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>How many different persons have yet to approve.</summary>
    public int PersonsLeft { get; init; } = 1;
}

/// <summary>A run in a list.</summary>
public sealed record RunLine(
    RunKey Run, string Status, string Reason, string Proof, string Goal, DateTimeOffset CreatedAt,
    decimal CostDollars, long Tokens, int Turns)
{
    /// <summary>True where another run was applied to the workspace since this one last met it.</summary>
    public bool IsStale { get; init; }
}

/// <summary>What came of applying or undoing.</summary>
/// <param name="Conflicts">Paths the user changed meanwhile; nothing was written when there are any.</param>
public sealed record ApplyReport(bool IsDone, IReadOnlyList<string> Written, IReadOnlyList<string> Conflicts,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>The branch on which commits of the run arrived, or that was taken back; empty where none
    /// was.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The commit that the branch is on; empty where it is gone.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Why commits were not brought or taken back, in one sentence; empty where nothing was
    /// refused.</summary>
    public string BranchProblem { get; init; } = "";
}

/// <summary>What verifying or replaying a journal found; the fault is null when all is well.</summary>
public sealed record JournalReport(long Entries, string Head, JournalFault? Fault);

/// <summary>An entry with the texts it commits to, redacted already.</summary>
public sealed record ShownEntry(RunEvent Entry, IReadOnlyDictionary<PayloadRef, string> Texts);
