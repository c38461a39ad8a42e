using Reeve.Kernel.Journal;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

public abstract partial class RunStoreContract
{
    private static readonly LeaseOwner s_other = new("boot", 43, 2_000, 1);

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_living_holder_keeps_the_run()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var another = await OpenAsync();

        Assert.Null(await TakeAsync(another, draft.Run, isDead: false));
        Assert.Equal(JournalDraft.Owner, await another.HolderAsync(draft.Run, s_none));
        await draft.AppendAsync();
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_dead_holder_is_fenced_off_by_the_next()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var another = await OpenAsync();

        var taken = await TakeAsync(another, draft.Run, isDead: true);

        Assert.Equal(new Lease(draft.Run, s_other, draft.Epoch + 1), taken);
        Assert.Equal("run.fenced", await RefusedAsync(() => draft.AppendAsync()));
        Assert.False(await Store.RenewAsync(
            new Lease(draft.Run, JournalDraft.Owner, draft.Epoch), JournalDraft.LeaseTime, s_none));
        Assert.Single(await draft.ReadAsync());
        await another.AppendAsync(draft.Next() with { Epoch = taken!.Epoch }, s_none);
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_lease_that_ran_out_is_taken_without_asking()
    {
        var draft = await JournalDraft.StartAsync(Store);
        Time.Advance(JournalDraft.LeaseTime);

        Assert.Null(await Store.HolderAsync(draft.Run, s_none));
        Assert.NotNull(await TakeAsync(Store, draft.Run, isDead: false));
        Assert.Equal("run.fenced", await RefusedAsync(() => draft.AppendAsync()));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_renewed_lease_outlives_its_first_term()
    {
        var draft = await JournalDraft.StartAsync(Store);
        Time.Advance(JournalDraft.LeaseTime / 2);

        var isRenewed = await Store.RenewAsync(
            new Lease(draft.Run, JournalDraft.Owner, draft.Epoch), JournalDraft.LeaseTime, s_none);
        Time.Advance(JournalDraft.LeaseTime * 0.75);

        Assert.True(isRenewed);
        Assert.Null(await TakeAsync(Store, draft.Run, isDead: false));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_released_run_is_taken_at_once_and_its_epoch_still_grows()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var lease = new Lease(draft.Run, JournalDraft.Owner, draft.Epoch);
        await Store.ReleaseAsync(lease, s_none);

        Assert.Equal("run.fenced", await RefusedAsync(() => draft.AppendAsync()));
        Assert.Null(await Store.HolderAsync(draft.Run, s_none));
        var taken = await TakeAsync(Store, draft.Run, isDead: false);
        await Store.ReleaseAsync(lease, s_none);

        Assert.Equal(draft.Epoch + 1, taken!.Epoch);
        Assert.Equal(s_other, await Store.HolderAsync(draft.Run, s_none));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task Two_processes_never_hold_one_run()
    {
        var draft = new JournalDraft(Store, JournalDraft.NewRun());
        await draft.CreateAsync();
        IRunStore[] stores = [Store, await OpenAsync()];

        var leases = await Task.WhenAll(Enumerable.Range(0, 32).Select(place => stores[place % 2].TryLeaseAsync(
            draft.Run, s_other with { Instance = place }, JournalDraft.LeaseTime, _ => false, s_none)));

        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task Two_processes_that_advance_one_run_never_both_succeed()
    {
        var draft = await JournalDraft.StartAsync(Store);
        IRunStore[] stores = [Store, await OpenAsync()];

        for (var round = 0; round < 20; round++)
        {
            AppendRequest[] requests = [draft.Next(), draft.Next()];
            var done = await Task.WhenAll(requests.Select((request, place) => OutcomeAsync(
                stores[place].AppendAsync(request, s_none))));

            Assert.Single(done, isDone => isDone);
            Assert.Equal("run.fenced", await RefusedAsync(() => draft.AppendAsync(requests[done.IndexOf(false)])));
            draft.Follow(requests[done.IndexOf(true)]);
        }
    }

    private static Task<Lease?> TakeAsync(IRunStore store, RunKey run, bool isDead) =>
        store.TryLeaseAsync(run, s_other, JournalDraft.LeaseTime, _ => isDead, s_none);
}
