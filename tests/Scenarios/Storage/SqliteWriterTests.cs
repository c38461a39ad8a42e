using Reeve.Kernel.Journal;
using Reeve.Storage.Sqlite;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>On which thread is written, and for whom is waited.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("store-").FullName;
    private SqliteRunStore _store = null!;

    public async ValueTask InitializeAsync() =>
        _store = await SqliteRunStore.OpenAsync(_directory, TimeProvider.System, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_caller_that_comes_alone_needs_no_other_thread()
    {
        var draft = await JournalDraft.StartAsync(_store);

        Assert.True(await AloneAsync(draft));

        Assert.Equal(draft.Sequence, (await draft.ReadAsync()).Count);
    }

    /// <summary>A lease is written without a wait for the disk; whatever comes after it on that connection waits again,
    /// also where the write of the lease failed midway (sqlite.org/pragma.html#pragma_synchronous).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "RUN-2")]
    public async Task What_follows_a_write_that_did_not_wait_for_the_disk_waits_again(bool fails)
    {
        const long normal = 1, full = 2;
        using var queue = new WorkQueue();
        var writer = new Writer(new DataFiles(_directory));
        var serving = new Thread(() => writer.Serve(queue)) { IsBackground = true };
        serving.Start();

        // The first makes the connection, on the thread that writes.
        Assert.Equal(full, await queue.DoAsync(new Work<long>(LevelOf), CancellationToken.None));
        var seen = 0L;
        var lease = new Work<long>(database =>
        {
            seen = LevelOf(database);
            return fails ? throw new InvalidOperationException("midway") : seen;
        })
        {
            IsSynced = false,
        };
        var after = new Work<long>(LevelOf);

        Assert.True(SpinWait.SpinUntil(() => writer.TryAlone(lease, queue), TimeSpan.FromSeconds(30)));
        Assert.True(writer.TryAlone(after, queue));

        Assert.Equal(normal, seen);
        Assert.Equal(fails, lease.Done.IsFaulted);
        Assert.Equal(full, await after.Done);
        Assert.Equal(full, await queue.DoAsync(new Work<long>(LevelOf), CancellationToken.None));
        queue.Close(1);
        serving.Join();

        static long LevelOf(Database database) => database.Number("PRAGMA synchronous");
    }

    [Fact]
    public async Task Nobody_is_kept_while_another_process_writes()
    {
        var draft = await JournalDraft.StartAsync(_store);
        await AloneAsync(draft);
        using var other = Database.Open(new DataFiles(_directory).Path, Opening.Write);
        other.Begin();

        // Were it done on this thread, the other one could never end.
        var append = draft.AppendAsync();

        Assert.False(append.IsCompleted);
        other.RollBack();
        await append;
        Assert.Equal(draft.Sequence, (await draft.ReadAsync()).Count);
    }

    [Fact]
    public async Task What_was_asked_without_waiting_is_done_in_order()
    {
        var draft = await JournalDraft.StartAsync(_store);

        var requests = Enumerable.Range(0, 500).Select(_ =>
        {
            var request = draft.Next(1);
            draft.Follow(request);

            return request;
        });

        // Each one is refused unless the one before it was done.
        await Task.WhenAll(requests.Select(request => _store.AppendAsync(request, CancellationToken.None)));

        Assert.Equal(501, (await draft.ReadAsync()).Count);
    }

    [Fact]
    public async Task A_closed_store_takes_no_more()
    {
        var store = await SqliteRunStore.OpenAsync(_directory, TimeProvider.System, CancellationToken.None);
        var draft = await JournalDraft.StartAsync(store);
        await draft.AppendAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => draft.AppendAsync());
    }

    [Fact]
    public void A_value_that_stays_is_kept_and_one_that_changes_is_replaced()
    {
        using var database = Database.Open(new DataFiles(_directory).Path, Opening.Write);
        const string echo = "SELECT ?1, ?2, ?3";

        foreach (var (number, text, bytes) in new (long?, string?, byte[]?)[]
        {
            (1, "a", [1]), (1, "a", [1]), (2, null, null), (null, "", []), (null, "", [3]), (0, "a", [3]),
            (1, "a", [1]),
        })
        {
            using var row = database.Ask(echo).Bind(number).Bind(text).Bind(bytes);

            Assert.True(row.Next());
            Assert.Equal(number, row.NumberOrNull(0));
            Assert.Equal(text, row.IsNull(1) ? null : row.Text(1));
            Assert.Equal(bytes is null, row.IsNull(2));
            Assert.Equal(bytes ?? [], row.Blob(2).ToArray());
        }
    }

    // The first appends may still meet the thread that opened the file.
    private static async Task<bool> AloneAsync(JournalDraft draft)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            var append = draft.AppendAsync();
            var isAtOnce = append.IsCompleted;
            await append;

            if (isAtOnce)
            {
                return true;
            }
        }

        return false;
    }
}
