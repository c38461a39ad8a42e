using System.Text.Json;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Output;

/// <summary>What <c>--output-format json</c> prints of a run: one object, whose words are stable.</summary>
internal sealed record RunDocument(
    string RunId,
    string Status,
    string Reason,
    string Result,
    string? Problem,
    ProofDocument Proof,
    CostDocument Cost,
    IReadOnlyList<ChangeDocument> Changes,
    string Goal,
    string Workspace,
    string Model,
    int Turns,
    bool Applied,
    bool Discarded,
    IReadOnlyList<ApprovalDocument> Approvals,
    IReadOnlyList<string> InDoubt,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    int ExitCode)
{
    /// <summary>True where another run was applied to the folder since this one last met it.</summary>
    public bool Stale { get; init; }

    /// <summary>The branch with the commits of an applied run; null where there is none.</summary>
    public string? Branch { get; init; }

    /// <summary>The list of work of the agent, one item a line; null where it keeps none.</summary>
    public string? Todo { get; init; }

    /// <summary>What came of applying in the same command; absent where nothing was tried.</summary>
    public ApplyDocument? Apply { get; init; }

    /// <summary>The answer as JSON, where a schema of the output was given and it fits; null otherwise.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>What would have happened in a dry run; absent in any other.</summary>
    public IReadOnlyList<DecisionDocument>? DryRun { get; init; }

    public static RunDocument Of(RunReport report, ExitCode exitCode) => new(
        report.Run.Run.ToString(),
        report.Status.Word(),
        report.Reason,
        report.Result,
        report.Problem.Length > 0 ? report.Problem : null,
        new ProofDocument(
            report.Proof.Word(),
            [.. report.Criteria.Select(criterion => new CriterionDocument(
                criterion.Command, Word(criterion.Outcome),
                criterion.Outcome == CheckOutcome.NotRun ? null : criterion.ExitCode))],
            [.. report.Changes.Where(change => change.IsTest).Select(change => change.Path)]),
        CostDocument.Of(report.Bill),
        [.. report.Changes.Select(ChangeDocument.Of)],
        report.Goal,
        report.Workspace,
        report.Model,
        report.Turns,
        report.IsApplied,
        report.IsDiscarded,
        [.. report.Approvals.Select(ApprovalDocument.Of)],
        report.CallsInDoubt,
        report.StartedAt,
        report.UpdatedAt,
        (int)exitCode)
    {
        Stale = report.IsStale,
        Output = report.IsStructured ? OutputOf(report.Result) : null,
        Branch = report.Branch.Length > 0 ? report.Branch : null,
        Todo = report.Todo.Length > 0 ? report.Todo : null,
    };

    private static JsonElement? OutputOf(string result)
    {
        try
        {
            using var document = JsonDocument.Parse(result);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Redaction took something out of it; the result still says what is left.
            return null;
        }
    }

    internal static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "failed",
        _ => "not_run",
    };
}

internal sealed record ProofDocument(
    string Level, IReadOnlyList<CriterionDocument> Criteria, IReadOnlyList<string> TestsChanged);

internal sealed record CriterionDocument(string Command, string Outcome, int? ExitCode);

/// <param name="Dollars">Null where the price of the model is not known.</param>
internal sealed record CostDocument(
    decimal? Dollars, long InputTokens, long OutputTokens, long ToolCalls, int ModelCalls, double ActiveSeconds,
    bool Estimated, string PriceSource)
{
    public required IReadOnlyList<ShareDocument> Models { get; init; }

    public static CostDocument Of(RunBill bill) => new(
        bill.Dollars, bill.InputTokens, bill.OutputTokens, bill.ToolCalls, bill.ModelCalls,
        Math.Round(bill.ActiveTime.TotalSeconds, 3), bill.IsEstimated, bill.PriceSource)
    {
        Models =
        [
            .. bill.Models.Select(share => new ShareDocument(
                share.Name, share.Calls, share.Replies, share.Dollars, share.InputTokens, share.OutputTokens)),
        ],
    };
}

/// <summary>One model's part of the cost.</summary>
internal sealed record ShareDocument(
    string Model, int Calls, int Replies, decimal? Dollars, long InputTokens, long OutputTokens);

internal sealed record ChangeDocument(
    string Path, string Kind, int Added, int Removed, bool Test, bool Ignored, bool Refused, bool Applied)
{
    public static ChangeDocument Of(ChangedPath change) => new(
        change.Path, change.Kind, change.LinesAdded, change.LinesRemoved, change.IsTest, change.IsIgnored,
        change.IsRefused, change.IsApplied);
}

internal sealed record ApprovalDocument(
    string Action, string Tool, string Arguments, string Reason, DateTimeOffset ExpiresAt,
    IReadOnlyList<string> Rules, int PersonsLeft)
{
    public static ApprovalDocument Of(PendingApproval approval) => new(
        approval.Action, approval.Tool, approval.Arguments, approval.Reason, approval.ExpiresAt, approval.Rules,
        approval.PersonsLeft);
}

internal sealed record ApplyDocument(
    bool Done, IReadOnlyList<string> Written, IReadOnlyList<string> Conflicts, IReadOnlyList<string> LeftOut,
    string? Branch, string? Commit, string? BranchProblem)
{
    public static ApplyDocument Of(ApplyReport report) => new(
        report.IsDone, report.Written, report.Conflicts, report.LeftOut, OrNull(report.Branch), OrNull(report.Commit),
        OrNull(report.BranchProblem));

    private static string? OrNull(string text) => text.Length > 0 ? text : null;
}
