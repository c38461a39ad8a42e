using System.Text;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>Sessions: a list of runs with a name, and what is left of a run that was erased.</summary>
public abstract partial class RunStoreContract
{
    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_session_is_its_runs_in_order_and_its_newest_is_the_head()
    {
        var (first, other) = (JournalDraft.NewRun(), JournalDraft.NewRun());
        var second = JournalDraft.NewRun();
        await BeginAsync(first, null, 1);
        await BeginAsync(other, null, 2);
        await BeginAsync(second, first.Run, 3);

        var sessions = await Store.SessionsAsync(TenantId.Local, "workspace", 10, s_none);
        var runs = await Store.RunsOfSessionAsync(first, s_none);

        Assert.Equal([(first, second, 2), (other, other, 1)],
            sessions.Select(session => (session.Session, session.Head, session.Runs)));
        Assert.Equal([first, second], runs.Select(run => run.Run));
        Assert.Single(await Store.SessionsAsync(TenantId.Local, null, 1, s_none));
        Assert.Empty(await Store.SessionsAsync(new TenantId("other"), null, 10, s_none));
        Assert.Empty(await Store.SessionsAsync(TenantId.Local, "elsewhere", 10, s_none));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_name_belongs_to_one_session_of_a_tenant()
    {
        var (first, other) = (JournalDraft.NewRun(), JournalDraft.NewRun());
        await BeginAsync(first, null, 1);
        await BeginAsync(other, null, 2);

        Assert.True(await Store.NameSessionAsync(first, "pseudonym", [1], s_none));
        Assert.False(await Store.NameSessionAsync(other, "pseudonym", [2], s_none));
        Assert.True(await Store.NameSessionAsync(first, "pseudonym", [3], s_none));
        Assert.Equal([3], await Store.SessionNameAsync(first, s_none));
        Assert.Equal(first.Run, await Store.FindSessionByNameAsync(TenantId.Local, "pseudonym", s_none));
        Assert.Null(await Store.FindSessionByNameAsync(new TenantId("other"), "pseudonym", s_none));

        await Store.NameSessionAsync(first, null, [], s_none);

        Assert.Null(await Store.SessionNameAsync(first, s_none));
        Assert.True(await Store.NameSessionAsync(other, "pseudonym", [2], s_none));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Of_an_erased_run_the_entries_stay_and_nothing_else()
    {
        var draft = await JournalDraft.StartAsync(Store);
        var payload = JournalDraft.Payload("a word");
        await draft.AppendAsync(draft.Next() with { Payloads = [payload] });
        await Store.PostAsync(draft.Run, InboxKind.Message, Encoding.UTF8.GetBytes("a message"), s_none);
        var other = await JournalDraft.StartAsync(Store);
        await other.AppendAsync(other.Next() with { Payloads = [payload] });

        await Store.EraseAllAsync(draft.Run, s_none);

        Assert.Null(await Store.PayloadAsync(draft.Run, payload.Ref, s_none));
        Assert.Empty(await Store.PendingAsync(draft.Run, s_none));
        Assert.True((await Store.FindAsync(draft.Run, s_none))!.IsErased);
        Assert.Equal(draft.Sequence, (await draft.ReadAsync()).Count);
        Assert.NotNull(await Store.PayloadAsync(other.Run, payload.Ref, s_none));
        Assert.Equal(
            [other.Run], (await Store.SessionsAsync(TenantId.Local, null, 10, s_none)).Select(line => line.Session));
    }

    private async Task BeginAsync(RunKey run, RunId? session, int minute)
    {
        var draft = new JournalDraft(Store, run);
        var request = draft.Next(1);
        await Store.AppendAsync(
            request with
            {
                Epoch = 0,
                Create = new NewRun([1, 2, 3], "workspace", Time.GetUtcNow().AddMinutes(minute), null, session),
            },
            s_none);
    }
}
