using Reeve.Authority;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>What every store of journals promises. A store is a store when its subclass of this passes.</summary>
public abstract partial class RunStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly List<IRunStore> _opened = [];

    private protected ManualTime Time { get; } = new();

    protected IRunStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        Store = await OpenAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);

        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>Opens the same store once more, as another process would.</summary>
    protected async Task<IRunStore> OpenAsync()
    {
        var store = await OpenStoreAsync();
        _opened.Add(store);

        return store;
    }

    protected abstract Task PrepareAsync();

    protected abstract Task<IRunStore> OpenStoreAsync();

    private protected static async Task<string> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem.Code;

    [Fact]
    [Trait("Req", "STORE-1")]
    [Trait("Req", "RUN-2")]
    public async Task Reads_back_the_bytes_that_were_appended()
    {
        var draft = new JournalDraft(Store, JournalDraft.NewRun());
        await draft.CreateAsync();
        await draft.LeaseAsync(JournalDraft.Owner);
        var request = draft.Next(count: 3);
        await draft.AppendAsync(request);

        var read = await draft.ReadAsync(from: 2);

        Assert.Equal(request.Events.Select(Show), read.Select(Show));
        Assert.Equal([4L], (await draft.ReadAsync(from: 4)).Select(entry => entry.Sequence));
        Assert.Empty(await draft.ReadAsync(from: 5));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Reads_a_long_journal_in_order()
    {
        var draft = await JournalDraft.StartAsync(Store);
        await draft.AppendAsync(count: 700);
        await draft.AppendAsync(count: 300);

        Assert.Equal(
            Enumerable.Range(1, 1_001).Select(place => (long)place),
            (await draft.ReadAsync()).Select(entry => entry.Sequence));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Knows_a_run_as_the_last_append_left_it()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var wakeAt = Time.GetUtcNow().AddTicks(1);
        var projection = JournalDraft.Projection("parked", wakeAt) with { CostDollars = 0.000001m };
        await draft.AppendAsync(draft.Next() with { Projection = projection });

        var record = await Store.FindAsync(draft.Run, s_none);

        Assert.Equal([1, 2, 3], record!.WrappedKey);
        Assert.Equal(
            new RunRecord(
                draft.Run, record.WrappedKey, "workspace", Time.GetUtcNow(), draft.Sequence, draft.Head, projection),
            record);
        Assert.Null(await Store.FindAsync(JournalDraft.NewRun(), s_none));
        Assert.Null(await Store.FindAsync(draft.Run with { Tenant = new TenantId("other") }, s_none));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task Refuses_an_append_to_a_head_that_moved()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var (first, second) = (draft.Next(), draft.Next());
        await draft.AppendAsync(first);

        Assert.Equal("run.fenced", await RefusedAsync(() => Store.AppendAsync(second, s_none)));
        Assert.Equal(
            "run.fenced", await RefusedAsync(() => Store.AppendAsync(first with { Events = second.Events }, s_none)));
        Assert.Equal(2, (await draft.ReadAsync()).Count);
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task Refuses_an_append_to_a_head_of_another_hash()
    {
        var draft = await JournalDraft.StartAsync(Store);

        Assert.Equal("run.fenced", await RefusedAsync(
            () => Store.AppendAsync(draft.Next() with { ExpectedHead = ChainHash.Of([1]) }, s_none)));
        Assert.Single(await draft.ReadAsync());
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task Refuses_to_begin_a_run_twice()
    {
        var draft = await JournalDraft.StartAsync(Store);

        Assert.Equal(
            "run.fenced", await RefusedAsync(() => new JournalDraft(Store, draft.Run).CreateAsync()));
        Assert.Equal(draft.Head, (await Store.FindAsync(draft.Run, s_none))!.Head);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Refuses_to_append_to_or_read_a_run_that_does_not_exist()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var missing = JournalDraft.NewRun();

        Assert.Equal("run.not_found", await RefusedAsync(
            () => Store.AppendAsync(draft.Next() with { Run = missing }, s_none)));
        Assert.Equal("run.not_found", await RefusedAsync(() => new JournalDraft(Store, missing).ReadAsync()));
        Assert.Equal("run.not_found", await RefusedAsync(
            () => Store.PostAsync(missing, InboxKind.Cancel, [1], s_none)));
        Assert.Equal("run.not_found", await RefusedAsync(
            () => Store.TryLeaseAsync(missing, JournalDraft.Owner, JournalDraft.LeaseTime, _ => true, s_none)));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task An_append_is_whole_or_not_at_all()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var payload = JournalDraft.Payload("once");
        await draft.AppendAsync(draft.Next() with { Payloads = [payload] });
        await Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none);

        // The second payload of this name fails after the entry and the run were written.
        await Assert.ThrowsAnyAsync<Exception>(() => Store.AppendAsync(
            draft.Next() with { Payloads = [JournalDraft.Payload("new"), payload], InboxTakenThrough = 1 }, s_none));

        Assert.Equal(2, (await draft.ReadAsync()).Count);
        Assert.Equal(draft.Head, (await Store.FindAsync(draft.Run, s_none))!.Head);
        Assert.Null(await Store.PayloadAsync(draft.Run, JournalDraft.Payload("new").Ref, s_none));
        Assert.Single(await Store.PendingAsync(draft.Run, s_none));
        await draft.AppendAsync();
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task One_append_that_fails_takes_none_of_its_neighbours_with_it()
    {
        var drafts = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => JournalDraft.StartAsync(Store)));
        var payload = JournalDraft.Payload("once");
        await Task.WhenAll(drafts.Select(
            draft => draft.AppendAsync(draft.Next() with { Payloads = [payload] })));

        var outcomes = await Task.WhenAll(drafts.Select((draft, place) => OutcomeAsync((place % 4) switch
        {
            0 => Store.AppendAsync(draft.Next() with { ExpectedHead = ChainHash.Of([1]) }, s_none),
            1 => Store.AppendAsync(draft.Next() with { Payloads = [payload] }, s_none),
            _ => Store.AppendAsync(draft.Next(), s_none),
        })));

        Assert.Equal(drafts.Select((_, place) => place % 4 >= 2), outcomes);
        Assert.Equal(
            drafts.Select((_, place) => place % 4 >= 2 ? 3 : 2),
            (await Task.WhenAll(drafts.Select(draft => draft.ReadAsync()))).Select(read => read.Count));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task Sixty_four_producers_lose_nothing()
    {
        var drafts = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => JournalDraft.StartAsync(Store)));

        await Task.WhenAll(drafts.Select(async draft =>
        {
            for (var appended = 0; appended < 20; appended++)
            {
                await draft.AppendAsync();
            }
        }));

        var another = await OpenAsync();
        foreach (var draft in drafts)
        {
            Assert.Equal(draft.Head, (await another.FindAsync(draft.Run, s_none))!.Head);
            Assert.Equal(21, (await draft.ReadAsync()).Count);
        }
    }

    private static async Task<bool> OutcomeAsync(Task append)
    {
        try
        {
            await append;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static string Show(StoredEvent entry) =>
        $"{entry.Sequence} {entry.Epoch} {entry.Type} {Convert.ToHexString(entry.Bytes)} {entry.Self}";
}
