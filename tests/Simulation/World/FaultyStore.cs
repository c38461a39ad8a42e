using Reeve.Authority;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Tests.Simulation.World;

/// <summary>The real store, until the process dies at one of its writes or the disk is full for a while.</summary>
/// <param name="beforeAppend">Called with the number of each append, from 1; it may throw or change the clock.</param>
public sealed class FaultyStore(IRunStore inner, CrashPoint? crash, Action<int>? beforeAppend = null) : IRunStore
{
    public int Appends { get; private set; }

    /// <summary>After this nothing of the dead process reaches the disk.</summary>
    public bool IsDead { get; private set; }

    public async Task AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        Appends++;
        Prepare();
        DieAt(CrashMoment.ActedNotRecorded);
        await inner.AppendAsync(request, cancellationToken);
        DieAt(CrashMoment.RecordedNotFolded);
    }

    public IAsyncEnumerable<StoredEvent> ReadAsync(
        RunKey run, long fromSequence, CancellationToken cancellationToken) =>
        Living().ReadAsync(run, fromSequence, cancellationToken);

    public Task<RunRecord?> FindAsync(RunKey run, CancellationToken cancellationToken) =>
        Living().FindAsync(run, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken) =>
        Living().ListAsync(tenant, workspaceId, countMax, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> FindByPrefixAsync(
        TenantId tenant, string prefix, CancellationToken cancellationToken) =>
        Living().FindByPrefixAsync(tenant, prefix, cancellationToken);

    public Task<Lease?> TryLeaseAsync(
        RunKey run, LeaseOwner owner, TimeSpan duration, Func<LeaseOwner, bool> mayTakeOver,
        CancellationToken cancellationToken) =>
        Living().TryLeaseAsync(run, owner, duration, mayTakeOver, cancellationToken);

    public Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken) =>
        IsDead ? Task.FromResult(true) : inner.RenewAsync(lease, duration, cancellationToken);

    // The dead give nothing back: their lease stays until somebody takes it.
    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        IsDead ? Task.CompletedTask : inner.ReleaseAsync(lease, cancellationToken);

    public Task<LeaseOwner?> HolderAsync(RunKey run, CancellationToken cancellationToken) =>
        Living().HolderAsync(run, cancellationToken);

    public Task<long> PostAsync(
        RunKey run, InboxKind kind, byte[] sealedBody, CancellationToken cancellationToken) =>
        Living().PostAsync(run, kind, sealedBody, cancellationToken);

    public Task<IReadOnlyList<InboxMessage>> PendingAsync(RunKey run, CancellationToken cancellationToken) =>
        Living().PendingAsync(run, cancellationToken);

    public Task WaitForMessageAsync(RunKey run, CancellationToken cancellationToken) =>
        inner.WaitForMessageAsync(run, cancellationToken);

    public Task<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        Living().DueAsync(now, countMax, cancellationToken);

    public Task<IReadOnlyList<PositionedEvent>> TailAsync(
        TenantId tenant, long afterPosition, int countMax, CancellationToken cancellationToken) =>
        Living().TailAsync(tenant, afterPosition, countMax, cancellationToken);

    public Task<byte[]?> PayloadAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken) =>
        Living().PayloadAsync(run, payload, cancellationToken);

    public Task EraseAsync(RunKey run, PayloadRef payload, CancellationToken cancellationToken) =>
        Living().EraseAsync(run, payload, cancellationToken);

    public Task EraseAllAsync(RunKey run, CancellationToken cancellationToken) =>
        Living().EraseAllAsync(run, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        TenantId tenant, string? workspaceId, int countMax, CancellationToken cancellationToken) =>
        Living().SessionsAsync(tenant, workspaceId, countMax, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> RunsOfSessionAsync(
        RunKey session, CancellationToken cancellationToken) =>
        Living().RunsOfSessionAsync(session, cancellationToken);

    public Task<bool> NameSessionAsync(
        RunKey session, string? pseudonym, byte[] sealedName, CancellationToken cancellationToken) =>
        Living().NameSessionAsync(session, pseudonym, sealedName, cancellationToken);

    public Task<byte[]?> SessionNameAsync(RunKey session, CancellationToken cancellationToken) =>
        Living().SessionNameAsync(session, cancellationToken);

    public Task<RunId?> FindSessionByNameAsync(
        TenantId tenant, string pseudonym, CancellationToken cancellationToken) =>
        Living().FindSessionByNameAsync(tenant, pseudonym, cancellationToken);

    public Task<RunId?> FindByIdempotencyKeyAsync(
        TenantId tenant, string key, CancellationToken cancellationToken) =>
        Living().FindByIdempotencyKeyAsync(tenant, key, cancellationToken);

    public Task<Kernel.Budgets.SharedLevel?> ChargeAsync(Spending spending, CancellationToken cancellationToken) =>
        Living().ChargeAsync(spending, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public static ProblemException Full() => new(new Problem("store.full", "The disk is full.", IsRetryable: true));

    private void Prepare()
    {
        try
        {
            beforeAppend?.Invoke(Appends);
        }
        catch (SimulatedCrash)
        {
            IsDead = true;
            throw;
        }
    }

    private void DieAt(CrashMoment moment)
    {
        if (crash is not null && crash.Append == Appends && crash.Moment == moment)
        {
            IsDead = true;
            throw new SimulatedCrash();
        }
    }

    private void ThrowIfDead()
    {
        if (IsDead)
        {
            throw new SimulatedCrash();
        }
    }

    private IRunStore Living()
    {
        ThrowIfDead();
        return inner;
    }
}

/// <summary>Where a process dies.</summary>
/// <param name="Append">At its n-th write to a journal, counted from 1.</param>
public sealed record CrashPoint(int Append, CrashMoment Moment);

public enum CrashMoment
{
    ActedNotRecorded,
    RecordedNotFolded,
}
