using System.Diagnostics;
using Reeve.Authority;
using Reeve.Doors.Leases;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Storage.Migrations;
using Reeve.Storage.Sqlite;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>What becomes of a file when the disk, the machine or a person is unkind to it.</summary>
public sealed class SqliteFailureTests : IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly LocalProcess s_here = LocalProcess.Current(instance: 2);
    private readonly string _directory = Directory.CreateTempSubdirectory("store-").FullName;

    private string DataFile => Path.Combine(_directory, "journal.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    [Trait("Req", "STORE-1")]
    public async Task What_a_killed_process_was_told_is_safe_is_there_and_its_run_is_taken_at_once()
    {
        using var second = new SecondProcess(_directory);
        Assert.True(RunId.TryParse(await second.ReadLineAsync() ?? "", out var run));
        var draft = new RunKey(TenantId.Local, run.Value);
        var said = new List<string>();

        for (var line = 0; line < 50; line++)
        {
            said.Add((await second.ReadLineAsync())!);
        }

        await second.KillAsync();

        while (await second.ReadLineAsync() is { } line)
        {
            said.Add(line);
        }

        await using var store = await OpenAsync();
        var read = await new JournalDraft(store, draft).ReadAsync();
        var kept = read.Select(entry => $"{entry.Sequence} {entry.Self}").ToHashSet();
        var owner = await store.HolderAsync(draft, s_none);
        var taken = await store.TryLeaseAsync(
            draft, s_here.Owner, JournalDraft.LeaseTime, s_here.IsDead, s_none);

        // The last line may have been cut by the kill.
        Assert.All(said[..^1], line => Assert.Contains(line, kept));
        Assert.Equal(second.Id, owner!.ProcessId);
        Assert.Equal(2, taken!.Epoch);
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_run_of_a_living_process_is_not_taken()
    {
        using var second = new SecondProcess(_directory);
        Assert.True(RunId.TryParse(await second.ReadLineAsync() ?? "", out var run));
        await second.ReadLineAsync();
        await using var store = await OpenAsync();

        Assert.Null(await store.TryLeaseAsync(
            new RunKey(TenantId.Local, run.Value), s_here.Owner, JournalDraft.LeaseTime, s_here.IsDead, s_none));
        Assert.NotNull(await second.ReadLineAsync());
    }

    [Fact]
    [Trait("Req", "STORE-2")]
    public async Task A_full_disk_loses_nothing_and_works_again_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(_directory, megabytes: 4);
        await using var store = await SqliteRunStore.OpenAsync(disk.Data, TimeProvider.System, s_none);
        var draft = await JournalDraft.StartAsync(store);
        var ballast = Path.Combine(disk.Data, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);

        var refused = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            while (draft.Sequence < 10_000)
            {
                await draft.AppendAsync(draft.Next(bytes: 20_000));
            }
        });
        var full = draft.Sequence;

        Assert.Equal("store.full", refused.Problem.Code);
        Assert.Equal(full, (await draft.ReadAsync()).Count);
        Assert.Equal(draft.Head, (await store.FindAsync(draft.Run, s_none))!.Head);
        File.Delete(ballast);
        await draft.AppendAsync();
        Assert.Equal(full + 1, (await draft.ReadAsync()).Count);
    }

    [Fact]
    [Trait("Req", "STORE-2")]
    public async Task A_disk_that_turned_read_only_is_still_read_and_says_so()
    {
        await using var disk = await SmallDisk.MountAsync(_directory, megabytes: 8);
        await using (var first = await SqliteRunStore.OpenAsync(disk.Data, TimeProvider.System, s_none))
        {
            await JournalDraft.StartAsync(first);
        }

        await disk.RemountAsync("ro");
        await using var store = await SqliteRunStore.OpenAsync(disk.Data, TimeProvider.System, s_none);
        var record = Assert.Single(await store.ListAsync(TenantId.Local, null, 10, s_none));
        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => store.PostAsync(record.Run, InboxKind.Cancel, [1], s_none));
        await disk.RemountAsync("rw");

        Assert.Contains(refused.Problem.Code, new[] { "store.read_only", "store.unavailable" });
        await store.PostAsync(record.Run, InboxKind.Cancel, [1], s_none);
        Assert.Single(await store.PendingAsync(record.Run, s_none));
    }

    [Fact]
    [Trait("Req", "STORE-2")]
    public async Task A_damaged_entry_is_named_and_the_rest_stays_readable()
    {
        await using var store = await OpenAsync();
        var (draft, neighbour) = (await JournalDraft.StartAsync(store), await JournalDraft.StartAsync(store));
        await draft.AppendAsync(count: 9);
        await SqlAsync("DROP TRIGGER event_is_never_changed; UPDATE event SET bytes = x'00' WHERE sequence = 5");

        var read = new List<long>();
        var refused = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await foreach (var entry in store.ReadAsync(draft.Run, 1, s_none))
            {
                read.Add(entry.Sequence);
            }
        });

        Assert.Equal([1, 2, 3, 4], read);
        Assert.Equal("store.corrupt", refused.Problem.Code);
        Assert.Contains($"Entry 5 of run {draft.Run.Run}", refused.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(5, (await draft.ReadAsync(from: 6)).Count);
        Assert.Single(await neighbour.ReadAsync());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [Trait("Req", "STORE-2")]
    public async Task A_missing_entry_is_named_also_at_the_end(int sequence)
    {
        await using var store = await OpenAsync();
        var draft = await JournalDraft.StartAsync(store);
        await draft.AppendAsync(count: 9);
        await SqlAsync($"DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE sequence = {sequence}");

        var refused = await Assert.ThrowsAsync<ProblemException>(() => draft.ReadAsync());

        Assert.Contains($"Entry {sequence} of", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE event SET type = 'x'")]
    [InlineData("DELETE FROM event")]
    [Trait("Req", "RUN-2")]
    public async Task Entries_are_only_ever_added(string sql)
    {
        await using var store = await OpenAsync();
        var draft = await JournalDraft.StartAsync(store);

        await Assert.ThrowsAnyAsync<Exception>(() => SqlAsync(sql));

        Assert.Single(await draft.ReadAsync());
    }

    [Fact]
    [Trait("Req", "STORE-2")]
    public async Task A_file_that_is_no_journal_is_refused_and_left_as_it_was()
    {
        await File.WriteAllTextAsync(DataFile, new string('x', 8_192));
        File.SetUnixFileMode(DataFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal("store.corrupt", await RefusedAsync(OpenAsync));
        Assert.Equal(new string('x', 8_192), await File.ReadAllTextAsync(DataFile));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_directory_or_file_that_others_can_read_is_refused()
    {
        await using (await OpenAsync())
        {
            Assert.Equal("RW", Mode(DataFile));
            Assert.Equal("RW", Mode($"{DataFile}-wal"));
            Assert.Equal("RW", Mode($"{DataFile}-shm"));
        }

        File.SetUnixFileMode(DataFile, File.GetUnixFileMode(DataFile) | UnixFileMode.GroupRead);
        Assert.Equal("store.permissions", await RefusedAsync(OpenAsync));
        File.SetUnixFileMode(DataFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_directory, File.GetUnixFileMode(_directory) | UnixFileMode.OtherExecute);
        Assert.Equal("store.permissions", await RefusedAsync(OpenAsync));
        File.SetUnixFileMode(_directory, File.GetUnixFileMode(_directory) & ~UnixFileMode.OtherExecute);

        static string Mode(string path) =>
            File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite) ? "RW" : "wider";
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task An_older_file_is_copied_then_brought_forward_and_a_newer_one_is_refused()
    {
        Migration next = new(Migration.All[^1].Version + 1, "m0003_test", "ALTER TABLE run ADD COLUMN colour TEXT;");
        JournalDraft draft;
        await using (var old = await OpenAsync())
        {
            draft = await JournalDraft.StartAsync(old);
        }

        await using (var newer = await SqliteRunStore.OpenAsync(
            _directory, TimeProvider.System, [.. Migration.All, next], s_none))
        {
            Assert.Equal(draft.Head, (await newer.FindAsync(draft.Run, s_none))!.Head);
        }

        Assert.Equal("store.newer_schema", await RefusedAsync(OpenAsync));
        var snapshot = $"{DataFile}.v{Migration.All[^1].Version}.snapshot";
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(snapshot));

        // The way back: the copy takes the place of the file.
        File.Move(snapshot, DataFile, overwrite: true);
        await using var back = await OpenAsync();
        Assert.Equal(draft.Head, (await back.FindAsync(draft.Run, s_none))!.Head);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_file_of_the_first_version_is_brought_to_this_one_with_all_that_is_in_it()
    {
        JournalDraft draft;
        await using (var old = await SqliteRunStore.OpenAsync(
            _directory, TimeProvider.System, [Migration.All[0]], s_none))
        {
            draft = await JournalDraft.StartAsync(old);
        }

        await using var store = await OpenAsync();

        Assert.Equal(draft.Run, (await store.FindAsync(draft.Run, s_none))!.Run);
        Assert.Null(await store.ChargeAsync(
            new Spending(draft.Run, "ada", new DateOnly(2030, 1, 2), new Cost { Dollars = 1 }, Ceilings: null),
            s_none));
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task A_migration_that_fails_leaves_the_file_as_it_was()
    {
        await using (await OpenAsync())
        {
        }

        Migration broken = new(
            Migration.All[^1].Version + 1, "m0003_test",
            "ALTER TABLE run ADD COLUMN colour TEXT; SELECT nothing FROM nowhere;");
        await Assert.ThrowsAnyAsync<Exception>(() => SqliteRunStore.OpenAsync(
            _directory, TimeProvider.System, [.. Migration.All, broken], s_none));

        await using var store = await OpenAsync();
        await JournalDraft.StartAsync(store);
    }

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task An_erased_payload_leaves_no_trace_in_the_files()
    {
        const string Secret = "the payload that must be forgotten, every byte of it";
        var store = await OpenAsync();
        var draft = await JournalDraft.StartAsync(store);
        await draft.AppendAsync(draft.Next() with { Payloads = [JournalDraft.Payload(Secret)] });
        var before = await HoldsAsync(Secret);

        await store.EraseAsync(draft.Run, JournalDraft.Payload(Secret).Ref, s_none);

        Assert.True(before);
        Assert.False(await HoldsAsync(Secret));
        await store.DisposeAsync();
        Assert.False(await HoldsAsync(Secret));
    }

    [Fact]
    [Trait("Req", "STORE-5")]
    public async Task Every_question_is_answered_by_an_index()
    {
        await using var store = await OpenAsync();
        using var database = Database.Open(DataFile, Opening.Read);
        var scans = new List<string>();

        // One question looks everywhere on purpose, when nothing can be trusted to tell where to look.
        foreach (var question in Enum.GetValues<Question>().Where(question => question != Question.SearchDamaged))
        {
            using var plan = database.Ask($"EXPLAIN QUERY PLAN {Questions.Text[(int)question]}");
            while (plan.Next())
            {
                if (IsScan(plan.Text(3)))
                {
                    scans.Add($"{question}: {plan.Text(3)}");
                }
            }
        }

        Assert.Empty(scans);
        using var control = database.Ask("EXPLAIN QUERY PLAN SELECT * FROM run WHERE status = 'x'");
        Assert.True(control.Next() && control.Text(3).StartsWith("SCAN", StringComparison.Ordinal));
    }

    private static bool IsScan(string step) =>
        step is not ("SCAN CONSTANT ROW" or "SCAN chain")
        && (step.StartsWith("SCAN", StringComparison.Ordinal)
            || step.Contains("TEMP B-TREE", StringComparison.Ordinal));

    [Fact]
    [Trait("Req", "STORE-1")]
    public async Task What_is_past_a_limit_is_refused_or_waits_its_turn()
    {
        await using var store = await OpenAsync();
        var draft = await JournalDraft.StartAsync(store);
        var tooLarge = JournalDraft.Payload("x") with { Sealed = new byte[SqliteRunStore.PayloadBytesMax + 1] };

        await Assert.ThrowsAsync<ArgumentException>(() => draft.AppendAsync(SqliteRunStore.EventsMax + 1));
        Assert.Equal("payload.too_large", await RefusedAsync(
            () => draft.AppendAsync(draft.Next() with { Payloads = [tooLarge] })));
        await draft.AppendAsync(SqliteRunStore.EventsMax);
        Assert.True(SqliteRunStore.EventsMax > Journals.PageEventsMax);
        Assert.Equal(SqliteRunStore.EventsMax + 1, (await draft.ReadAsync()).Count);

        var lease = new Lease(draft.Run, JournalDraft.Owner, draft.Epoch);

        // More than one batch, and more than the queue holds.
        Assert.True(Writer.WaitingMax > Writer.BatchMax);
        var leases = await Task.WhenAll(Enumerable.Range(0, Writer.WaitingMax + 1).Select(
            _ => store.RenewAsync(lease, JournalDraft.LeaseTime, s_none)));
        Assert.All(leases, Assert.True);
    }

    private async Task<bool> HoldsAsync(string text)
    {
        // Read by another process: to open and close the file here would drop the locks of the store.
        using var grep = Process.Start("grep", ["-rqaF", text, _directory]);
        await grep.WaitForExitAsync();

        return grep.ExitCode == 0;
    }

    private Task<SqliteRunStore> OpenAsync() => SqliteRunStore.OpenAsync(_directory, TimeProvider.System, s_none);

    private Task SqlAsync(string sql) => Task.Run(() =>
    {
        using var database = Database.Open(DataFile, Opening.Write);
        database.DoScript(sql);
    });

    private static async Task<string> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem.Code;
}
