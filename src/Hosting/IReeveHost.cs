using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Hosting;

/// <summary>Reeve, composed: what the command line and the server do with runs goes through here.</summary>
public interface IReeveHost : IAsyncDisposable
{
    /// <summary>Admits and records a run; nothing is done yet.</summary>
    Task<RunKey> SubmitAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>Carries a run on until it is finished or parked.</summary>
    Task<RunState> ContinueAsync(
        RunKey run, IRunObserver observer, RunLoopOptions options, CancellationToken stop);

    /// <summary>A run by its identifier or the beginning of it; <c>last</c> is the newest of the workspace.</summary>
    /// <exception cref="Authority.ProblemException"><c>run.not_found</c>, <c>run.ambiguous</c>.</exception>
    Task<RunKey> FindAsync(string text, string workspace, CancellationToken cancellationToken);

    /// <param name="workspace">Only runs of this folder; null for all.</param>
    Task<IReadOnlyList<RunLine>> ListAsync(string? workspace, int countMax, CancellationToken cancellationToken);

    Task<RunReport> ReportAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Where the budget of a run went, call by call.</summary>
    Task<BudgetExplanation> ExplainBudgetAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Between which bounds a run would cost; nothing is begun.</summary>
    BudgetEstimate Estimate(RunRequest request);

    /// <summary>What each run since then cost, the oldest first.</summary>
    Task<IReadOnlyList<LedgerLine>> LedgerAsync(DateTimeOffset since, CancellationToken cancellationToken);

    IAsyncEnumerable<ShownEntry> EntriesAsync(RunKey run, long fromSequence, CancellationToken cancellationToken);

    Task<IReadOnlyList<Change>> DiffAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Writes the reviewed changes to the user's tree, all or nothing.</summary>
    /// <param name="reviewedTree">The tree that was shown; another one now is refused. Null takes the present
    /// one.</param>
    Task<ApplyReport> ApplyAsync(
        RunKey run, bool includeIgnored, string? reviewedTree, CancellationToken cancellationToken);

    Task<ApplyReport> UndoAsync(RunKey run, CancellationToken cancellationToken);

    Task DiscardAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Reproduces the run from its journal, without network, model or sandbox.</summary>
    Task<JournalReport> ReplayAsync(RunKey run, CancellationToken cancellationToken);

    Task<JournalReport> VerifyAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Ends a run, whoever works on it; returns when nothing of it is left.</summary>
    Task CancelAsync(RunKey run, CancellationToken cancellationToken);

    /// <param name="action">The action, or the beginning of its name; null when only one waits.</param>
    Task AnswerAsync(
        RunKey run, string? action, bool isApproved, string reason, CancellationToken cancellationToken);

    Task SayAsync(RunKey run, string text, CancellationToken cancellationToken);

    Task ResolveDoubtAsync(RunKey run, string call, bool happened, CancellationToken cancellationToken);
}
