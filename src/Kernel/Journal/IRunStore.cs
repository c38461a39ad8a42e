using Reeve.Kernel.Budgets;
using Reeve.Kernel.Principals;

namespace Reeve.Kernel.Journal;

/// <summary>Where journals live. Every implementation passes the same contract tests.</summary>
/// <remarks>
/// A call that returns has been made durable. Refusals are problems: <c>run.fenced</c> (somebody else holds the run
/// or the head moved), <c>run.not_found</c>, <c>store.full</c>, <c>store.read_only</c>, <c>store.corrupt</c>,
/// <c>store.busy</c>, <c>store.newer_schema</c>; what was acknowledged before stays.
/// </remarks>
public interface IRunStore : IAsyncDisposable
{
    /// <summary>Appends in one transaction, as compare-and-set on head and epoch.</summary>
    /// <exception cref="Authority.ProblemException"><c>run.fenced</c> when either is not as expected.</exception>
    Task AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>The entries from a sequence on (the first is 1), in order, in pages.</summary>
    IAsyncEnumerable<StoredEvent> ReadAsync(RunKey run, long fromSequence, CancellationToken cancellationToken);

    /// <summary>The projection and wrapped key of a run; null when there is none.</summary>
    Task<RunRecord?> FindAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Runs, newest first.</summary>
    /// <param name="workspaceId">Only those of one workspace; null for all.</param>
    Task<IReadOnlyList<RunRecord>> ListAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken);

    /// <summary>Runs whose identifier begins with the given text; at most two are returned.</summary>
    Task<IReadOnlyList<RunRecord>> FindByPrefixAsync(
        TenantId tenant, string prefix, CancellationToken cancellationToken);

    /// <summary>Takes the run, one epoch on, unless a living owner holds it.</summary>
    /// <param name="mayTakeOver">Asked about the present owner of an unexpired lease: true when it is dead.</param>
    /// <returns>Null when somebody else holds it.</returns>
    Task<Lease?> TryLeaseAsync(
        RunKey run, LeaseOwner owner, TimeSpan duration, Func<LeaseOwner, bool> mayTakeOver,
        CancellationToken cancellationToken);

    /// <summary>False when the lease was lost.</summary>
    Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken);

    Task ReleaseAsync(Lease lease, CancellationToken cancellationToken);

    /// <summary>Who holds the run now; null when nobody does.</summary>
    Task<LeaseOwner?> HolderAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Leaves a message for whoever holds the run.</summary>
    /// <remarks>Each kind has room of its own: however much was said to a run, it can still be cancelled.</remarks>
    /// <exception cref="Authority.ProblemException"><c>inbox.full</c> past <see cref="InboxMessagesMax"/>.</exception>
    Task<long> PostAsync(RunKey run, InboxKind kind, byte[] sealedBody, CancellationToken cancellationToken);

    /// <summary>Messages not yet taken, in order. They are taken by an append that names the last one.</summary>
    Task<IReadOnlyList<InboxMessage>> PendingAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Completes when a message to this run may have been posted, by any process, since the call
    /// began.</summary>
    /// <remarks>Completes early now and then; never late. A call that is cancelled ends without a trace.</remarks>
    Task WaitForMessageAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Runs whose wake-up is due, soonest first.</summary>
    Task<IReadOnlyList<RunKey>> DueAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken);

    /// <summary>Entries of all runs after a position; positions are monotone in the order they became
    /// visible.</summary>
    Task<IReadOnlyList<PositionedEvent>> TailAsync(
        TenantId tenant, long afterPosition, int countMax, CancellationToken cancellationToken);

    /// <summary>A sealed payload; null when it was erased.</summary>
    Task<byte[]?> PayloadAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken);

    /// <summary>Erases a payload with its salt, for good.</summary>
    Task EraseAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken);

    /// <summary>Erases every payload and message of a run with its key, for good; its entries stay.</summary>
    Task EraseAllAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Sessions, the one with the newest run first; what was erased is not among them.</summary>
    /// <param name="workspaceId">Only those of one workspace; null for all.</param>
    Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken);

    /// <summary>The runs of a session, oldest first.</summary>
    Task<IReadOnlyList<RunRecord>> RunsOfSessionAsync(
        RunKey session, CancellationToken cancellationToken);

    /// <summary>Gives a session its name, or takes it away.</summary>
    /// <param name="pseudonym">Two sessions of a tenant never have the same; null takes the name away.</param>
    /// <returns>False when another session has the name.</returns>
    Task<bool> NameSessionAsync(
        RunKey session, string? pseudonym, byte[] sealedName, CancellationToken cancellationToken);

    /// <summary>The sealed name of a session; null when it has none.</summary>
    Task<byte[]?> SessionNameAsync(RunKey session, CancellationToken cancellationToken);

    /// <summary>The session with a name; null when there is none.</summary>
    Task<RunId?> FindSessionByNameAsync(TenantId tenant, string pseudonym, CancellationToken cancellationToken);

    /// <summary>The run that was admitted under a key before; null the first time.</summary>
    Task<RunId?> FindByIdempotencyKeyAsync(TenantId tenant, string key, CancellationToken cancellationToken);

    /// <summary>Records what a run has spent and reserved in all, unless that broke a ceiling it shares.</summary>
    /// <returns>The ceiling that forbids it, and then nothing was changed; null where it was recorded.</returns>
    Task<SharedLevel?> ChargeAsync(Spending spending, CancellationToken cancellationToken);

    /// <summary>How many messages of one kind may wait for one run.</summary>
    const int InboxMessagesMax = 256;
}
