using System.Text;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

public abstract partial class RunStoreContract
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Messages_wait_in_order_until_an_append_takes_them()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var another = await OpenAsync();
        var first = await another.PostAsync(draft.Run, InboxKind.Cancel, [1], s_none);
        var second = await another.PostAsync(draft.Run, InboxKind.Approval, [], s_none);

        var pending = await Store.PendingAsync(draft.Run, s_none);
        await another.PostAsync(draft.Run, InboxKind.Doubt, [3], s_none);
        await draft.AppendAsync(draft.Next() with { InboxTakenThrough = pending[^1].Id });

        Assert.Equal(
            [(first, InboxKind.Cancel, "01"), (second, InboxKind.Approval, "")],
            pending.Select(message => (message.Id, message.Kind, Convert.ToHexString(message.SealedBody))));
        Assert.Equal(InboxKind.Doubt, Assert.Single(await Store.PendingAsync(draft.Run, s_none)).Kind);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_refused_append_takes_no_message()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var id = await Store.PostAsync(draft.Run, InboxKind.Cancel, [1], s_none);

        await RefusedAsync(() => Store.AppendAsync(
            draft.Next() with { Epoch = draft.Epoch + 1, InboxTakenThrough = id }, s_none));

        Assert.Single(await Store.PendingAsync(draft.Run, s_none));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_message_past_the_last_is_refused_and_the_number_of_a_taken_one_never_returns()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var ids = await Task.WhenAll(Enumerable.Range(0, IRunStore.InboxMessagesMax).Select(
            _ => Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none)));

        Assert.Equal("inbox.full", await RefusedAsync(
            () => Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none)));
        await draft.AppendAsync(draft.Next() with { InboxTakenThrough = ids.Max() });

        Assert.True(await Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none) > ids.Max());
    }

    [Theory]
    [InlineData(InboxKind.Cancel)]
    [InlineData(InboxKind.Approval)]
    [InlineData(InboxKind.Doubt)]
    [Trait("Req", "STORE-1")]
    [Trait("Req", "RUN-11")]
    public async Task A_word_of_control_has_room_of_its_own_and_it_is_bounded_too(InboxKind kind)
    {
        var draft = await JournalDraft.StartAsync(Store);
        await Task.WhenAll(Enumerable.Range(0, IRunStore.InboxMessagesMax).Select(
            _ => Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none)));

        await Task.WhenAll(Enumerable.Range(0, IRunStore.InboxMessagesMax).Select(
            _ => Store.PostAsync(draft.Run, kind, [1], s_none)));

        Assert.Equal("inbox.full", await RefusedAsync(() => Store.PostAsync(draft.Run, kind, [1], s_none)));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_waiting_run_is_woken_by_its_messages_from_either_process_and_by_no_others()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var neighbour = await JournalDraft.StartAsync(Store);
        var another = await OpenAsync();

        var (mine, theirs) = (Wait(draft), Wait(neighbour));
        await Store.PostAsync(draft.Run, InboxKind.Cancel, [1], s_none);
        await mine.WaitAsync(s_patience);
        Assert.False(theirs.IsCompleted);

        (mine, theirs) = (Wait(neighbour), Wait(draft));
        await another.PostAsync(neighbour.Run, InboxKind.Cancel, [1], s_none);
        await mine.WaitAsync(s_patience);

        Task Wait(JournalDraft run) => Store.WaitForMessageAsync(run.Run, s_none);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_thousand_runs_can_wait_and_be_cancelled()
    {
        var draft = await JournalDraft.StartAsync(Store);
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 1_000)
            .Select(_ => Store.WaitForMessageAsync(JournalDraft.NewRun(), stop.Token))
            .ToList();
        var mine = Store.WaitForMessageAsync(draft.Run, stop.Token);

        await Store.PostAsync(draft.Run, InboxKind.Message, [1], s_none);
        await mine.WaitAsync(s_patience);
        await stop.CancelAsync();

        foreach (var wait in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Lists_runs_newest_first_by_tenant_and_workspace()
    {
        var tenant = new TenantId("t");
        var runs = new List<RunId>();

        for (var day = 0; day < 6; day++)
        {
            var draft = new JournalDraft(Store, JournalDraft.NewRun(tenant));
            await draft.CreateAsync(workspace: $"w{day % 2}", at: Time.GetUtcNow().AddDays(day));
            runs.Insert(0, draft.Run.Run);
        }

        await JournalDraft.StartAsync(Store);

        Assert.Equal(runs, (await Store.ListAsync(tenant, null, 10, s_none)).Select(record => record.Run.Run));
        Assert.Equal(runs[..2], (await Store.ListAsync(tenant, null, 2, s_none)).Select(record => record.Run.Run));
        Assert.Equal(
            [runs[1], runs[3], runs[5]],
            (await Store.ListAsync(tenant, "w0", 10, s_none)).Select(record => record.Run.Run));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Finds_a_run_by_the_beginning_of_its_name()
    {
        UInt128[] values = [0, 1, UInt128.MaxValue];
        foreach (var value in values)
        {
            await new JournalDraft(Store, new RunKey(TenantId.Local, new RunId(value))).CreateAsync();
        }

        var zeros = new string('0', 25);
        Assert.Equal(2, await CountAsync(""));
        Assert.Equal(2, await CountAsync(zeros));
        Assert.Equal(1, await CountAsync(zeros + "1"));
        Assert.Equal(1, await CountAsync("7z"));
        Assert.Equal(0, await CountAsync("7y"));
        Assert.Equal(0, await CountAsync("z"));
        Assert.Equal(0, await CountAsync("%"));
        Assert.Equal(0, await CountAsync(zeros + "11"));

        async Task<int> CountAsync(string prefix) =>
            (await Store.FindByPrefixAsync(TenantId.Local, prefix, s_none)).Count;
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Tells_which_runs_are_due_soonest_first()
    {
        var now = Time.GetUtcNow();
        var drafts = new List<JournalDraft>();

        foreach (var minutes in new[] { 2, 1, 0, 3 })
        {
            drafts.Add(new JournalDraft(Store, JournalDraft.NewRun()));
            await drafts[^1].CreateAsync(wakeAt: now.AddMinutes(minutes));
        }

        await drafts[2].LeaseAsync(JournalDraft.Owner);
        await drafts[2].AppendAsync();

        Assert.Equal([drafts[1].Run, drafts[0].Run], await Store.DueAsync(now.AddMinutes(2), 10, s_none));
        Assert.Equal([drafts[1].Run], await Store.DueAsync(now.AddMinutes(2), 1, s_none));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task The_tail_shows_every_entry_once_in_the_order_it_became_visible()
    {
        var stores = new[] { Store, await OpenAsync() };
        var drafts = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            place => JournalDraft.StartAsync(stores[place % 2])));
        await JournalDraft.StartAsync(Store, JournalDraft.NewRun(new TenantId("other")));

        var writing = Task.WhenAll(drafts.Select(async draft =>
        {
            for (var appended = 0; appended < 30; appended++)
            {
                await draft.AppendAsync(count: 2);
            }
        }));
        var seen = new List<PositionedEvent>();

        // Reading goes on while both write; what was passed once must not appear later.
        while (seen.Count < 8 * 61)
        {
            seen.AddRange(await Store.TailAsync(TenantId.Local, seen.LastOrDefault()?.Position ?? 0, 50, s_none));
        }

        await writing;
        Assert.Equal(seen.Select(entry => entry.Position).Order().Distinct(), seen.Select(entry => entry.Position));
        Assert.All(
            seen.GroupBy(entry => entry.Run),
            run => Assert.Equal(
                Enumerable.Range(1, 61).Select(place => (long)place), run.Select(entry => entry.Event.Sequence)));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_payload_belongs_to_one_run_and_can_be_erased()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var other = await JournalDraft.StartAsync(Store);
        var payload = JournalDraft.Payload("what a person wrote");
        await draft.AppendAsync(draft.Next() with { Payloads = [payload] });

        Assert.Equal(payload.Sealed, await Store.PayloadAsync(draft.Run, payload.Ref, s_none));
        Assert.Null(await Store.PayloadAsync(other.Run, payload.Ref, s_none));
        await Store.EraseAsync(draft.Run, payload.Ref, s_none);
        await Store.EraseAsync(draft.Run, payload.Ref, s_none);

        Assert.Null(await Store.PayloadAsync(draft.Run, payload.Ref, s_none));
        Assert.Equal(2, (await draft.ReadAsync()).Count);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task One_key_admits_one_run_for_each_tenant()
    {
        var draft = await JournalDraft.StartAsync(Store, key: "k");

        Assert.Equal("run.duplicate", await RefusedAsync(() => JournalDraft.StartAsync(Store, key: "k")));
        Assert.Equal(draft.Run.Run, await Store.FindByIdempotencyKeyAsync(TenantId.Local, "k", s_none));
        Assert.Null(await Store.FindByIdempotencyKeyAsync(TenantId.Local, "other", s_none));
        await JournalDraft.StartAsync(Store, JournalDraft.NewRun(new TenantId("other")), key: "k");
        Assert.Single(await Store.ListAsync(TenantId.Local, null, 10, s_none));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task Text_that_looks_like_a_query_is_only_text()
    {
        var text = "'; DROP TABLE run; --" + Encoding.UTF8.GetString([0xf0, 0x9f, 0x92, 0xa5]);
        var draft = await JournalDraft.StartAsync(Store, JournalDraft.NewRun(new TenantId(text)), key: text);
        await draft.AppendAsync(draft.Next() with { Projection = JournalDraft.Projection(text) });

        Assert.Equal(text, (await Store.FindAsync(draft.Run, s_none))!.Projection.Status);
    }
}
