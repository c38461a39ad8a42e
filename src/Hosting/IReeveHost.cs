using Reeve.Authority.Policy;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;
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

    /// <summary>Answers with a scope, rules or words to the model.</summary>
    /// <exception cref="Authority.ProblemException"><c>approval.not_found</c>, <c>approval.ambiguous</c>,
    /// <c>approval.rule_mismatch</c>, <c>approval.same_person</c>, <c>approval.once_only</c>.</exception>
    Task AnswerAsync(RunKey run, string? action, ApprovalReply reply, CancellationToken cancellationToken);

    /// <summary>The rules that people approved for a folder or for good.</summary>
    IReadOnlyList<KeptRule> KeptRules();

    /// <summary>Takes a rule back, also in every run that is not finished.</summary>
    /// <returns>How many kept rules were removed.</returns>
    Task<int> RevokeAsync(string rule, CancellationToken cancellationToken);

    /// <summary>What the gate said in a run, in order, with what it was asked.</summary>
    Task<IReadOnlyList<RecordedDecision>> DecisionsAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Recorded decisions that would be others if the user's rules were these.</summary>
    /// <param name="baseline">Compares with what these rules would say instead of with what was recorded.</param>
    /// <param name="workspace">Only runs of this folder; null for all.</param>
    Task<Backtest> BacktestAsync(
        IReadOnlyList<Rule> rules, IReadOnlyList<Rule>? baseline, string? workspace, int runsMax,
        CancellationToken cancellationToken);

    Task SayAsync(RunKey run, string text, CancellationToken cancellationToken);

    /// <summary>Has the older parts of a run's conversation summarised before its model is asked again.</summary>
    /// <exception cref="Authority.ProblemException"><c>run.finished</c>, <c>inbox.full</c>.</exception>
    Task CompactAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Takes secrets out, those that only this configuration knows too.</summary>
    string Redact(string text);

    Task ResolveDoubtAsync(RunKey run, string call, bool happened, CancellationToken cancellationToken);

    /// <summary>Goes on in a session with another prompt: a new run that begins where its head ended.</summary>
    /// <remarks>A head that is parked is told the prompt instead, and is then carried on itself.</remarks>
    /// <param name="session">Any run of the session.</param>
    /// <param name="request">Its workspace is the session's, whatever it says; a model or criteria that it does not
    /// name are those of the head.</param>
    /// <exception cref="Authority.ProblemException"><c>run.busy</c>, <c>session.in_doubt</c>,
    /// <c>goal.missing</c>.</exception>
    Task<ForkReport> ContinueSessionAsync(RunKey session, RunRequest request, CancellationToken cancellationToken);

    /// <summary>Begins a session of its own at any entry of a run; nothing is done in it yet.</summary>
    /// <param name="at">The last entry that is kept; null for the end.</param>
    /// <param name="request">An empty goal goes on with the one of the run.</param>
    /// <exception cref="Authority.ProblemException"><c>fork.beyond_end</c>, <c>fork.needs_prompt</c>,
    /// <c>fork.view_gone</c>.</exception>
    Task<ForkReport> ForkAsync(
        RunKey parent, long? at, RunRequest request, CancellationToken cancellationToken);

    /// <summary>As a fork, but the new run is the head of the same session; without a goal it is finished at
    /// once, and waits to be continued.</summary>
    Task<ForkReport> RewindAsync(RunKey run, long at, RunRequest request, CancellationToken cancellationToken);

    /// <summary>Every entry a run can be brought back to, in order.</summary>
    Task<IReadOnlyList<RewindPoint>> RewindPointsAsync(RunKey run, CancellationToken cancellationToken);

    /// <param name="workspace">Only sessions of this folder; null for all.</param>
    /// <param name="since">Only those touched since then; null for all there ever were.</param>
    Task<IReadOnlyList<SessionLine>> SessionsAsync(
        string? workspace, DateTimeOffset? since, int countMax, CancellationToken cancellationToken);

    /// <summary>A session by its name, or by a run of it as <see cref="FindAsync"/> finds one.</summary>
    /// <exception cref="Authority.ProblemException"><c>session.not_found</c>, <c>session.ambiguous</c>.</exception>
    Task<SessionLine> FindSessionAsync(string text, string workspace, CancellationToken cancellationToken);

    /// <summary>The runs of a session, oldest first.</summary>
    Task<IReadOnlyList<RunLine>> RunsOfSessionAsync(RunKey session, CancellationToken cancellationToken);

    /// <param name="name">Empty takes the name away.</param>
    /// <exception cref="Authority.ProblemException"><c>session.name_taken</c>,
    /// <c>session.name_invalid</c>.</exception>
    Task RenameSessionAsync(RunKey session, string name, CancellationToken cancellationToken);

    /// <summary>The conversation of a session with the ends of its chains, redacted.</summary>
    IAsyncEnumerable<ExportedItem> ExportSessionAsync(RunKey session, CancellationToken cancellationToken);

    /// <summary>Erases all words, keys and files of a session for good; what remains of its chains verifies.</summary>
    /// <exception cref="Authority.ProblemException"><c>run.not_finished</c>, <c>run.busy</c>.</exception>
    Task DeleteSessionAsync(RunKey session, CancellationToken cancellationToken);
}
