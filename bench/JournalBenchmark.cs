using System.Buffers.Binary;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Storage.Sqlite;

namespace Reeve.Bench;

/// <summary>Durable appends against the bare primitive and against group commit as it is usually written.</summary>
internal static class JournalBenchmark
{
    private const int Single = 2_000, Producers = 64, Each = 120, EntryBytes = 300;
    private const int Warming = 10, Counted = 15;

    public static async Task RunAsync()
    {
        // Beside the program and not in /tmp, which is memory on many machines.
        var directory = Path.Combine(AppContext.BaseDirectory, "bench-journal");
        RemoveDirectory(directory);
        Directory.CreateDirectory(directory);

        try
        {
            await MeasureAsync(directory);
        }
        finally
        {
            RemoveDirectory(directory);
        }
    }

    private static async Task MeasureAsync(string directory)
    {
        await using var store = await SqliteRunStore.OpenAsync(
            Path.Combine(directory, "store"), TimeProvider.System, CancellationToken.None);
        await using var naive = new NaiveJournal(Path.Combine(directory, "naive.db"), isCompared: false);
        await using var compared = new NaiveJournal(Path.Combine(directory, "compared.db"), isCompared: true);
        using var growing = new PlainFile(Path.Combine(directory, "growing"), isGrowing: true);
        using var written = new PlainFile(Path.Combine(directory, "written"), isGrowing: false);
        using var bare = new BareCommit(Path.Combine(directory, "bare.db"), EntryBytes);
        var runs = await Task.WhenAll(Enumerable.Range(1, Producers).Select(name => Run.StartAsync(store, name)));

        foreach (var run in runs)
        {
            naive.AddRun(run.Name);
            compared.AddRun(run.Name);
        }

        var one = await Rounds.TurnsAsync(
            Single, runs[0].AppendAsync, () => Do(growing.Append), () => Do(written.Append), () => Do(bare.Append));
        var many = await Rounds.MediansAsync(
            Warming,
            Counted,
            new Contender("ours", () => TogetherAsync(runs, run => run.AppendAsync())),
            new Contender("naive", () => TogetherAsync(runs, run => run.AppendAsync(naive))),
            new Contender("compared", () => TogetherAsync(runs, run => run.AppendAsync(compared, isCompared: true))));

        Console.WriteLine($"one append, {EntryBytes} bytes, durable; {Single} turns each, one after the other");
        Show("ours", one[0]);
        Show("fdatasync of a growing file", one[1]);
        Show("fdatasync of a written file", one[2]);
        Show("one row in SQLite, on the caller's thread", one[3]);
        Rounds.Judge("median / growing file", one[0][Single / 2] / one[1][Single / 2], 1.3, isMost: true);
        Rounds.Judge("median / written file", one[0][Single / 2] / one[2][Single / 2], 1.3, isMost: true);
        Rounds.Judge("median / one row in SQLite", one[0][Single / 2] / one[3][Single / 2], 1.3, isMost: true);
        Console.WriteLine($"{Producers} producers, each waits for its own append; median of {Counted} rounds");
        Console.WriteLine(
            $"  ours {1e6 / many[0]:0}/s · naive insert only {1e6 / many[1]:0}/s"
            + $" · naive compare-and-set {1e6 / many[2]:0}/s");
        Rounds.Judge("ours / naive insert only", many[1] / many[0], 2.0, isMost: false);
        Rounds.Judge("ours / naive compare-and-set", many[2] / many[0], 2.0, isMost: false);
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static void Show(string name, double[] sorted) => Console.WriteLine(
        $"  {name}: median {sorted[Single / 2]:0} µs · mean {sorted.Average():0} µs"
        + $" · p99 {sorted[Single * 99 / 100]:0} µs");

    private static Task<double> TogetherAsync(Run[] runs, Func<Run, Task> append) => Rounds.MicrosecondsEachAsync(
        runs.Length * Each,
        () => Task.WhenAll(runs.Select(run => Task.Run(async () =>
        {
            for (var done = 0; done < Each; done++)
            {
                await append(run);
            }
        }))));

    private static void RemoveDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>One producer with its own run in each of the stores.</summary>
    private sealed class Run(SqliteRunStore store, RunKey key)
    {
        private readonly byte[] _bytes = new byte[EntryBytes];
        private long _sequence, _naive, _compared;
        private ChainHash _head = ChainHash.Genesis;
        private int _epoch;

        public byte[] Name { get; } = key.Run.ToBytes();

        public static async Task<Run> StartAsync(SqliteRunStore store, int name)
        {
            var key = new RunKey(TenantId.Local, new RunId((UInt128)name << 120));
            var run = new Run(store, key);
            await run.AppendAsync(new NewRun([1], "workspace", TimeProvider.System.GetUtcNow(), null));
            var lease = await store.TryLeaseAsync(
                key, new LeaseOwner("bench", 1, 1, name), TimeSpan.FromHours(1), _ => false, CancellationToken.None);
            run._epoch = lease!.Epoch;

            return run;
        }

        public Task AppendAsync() => AppendAsync(create: null);

        public Task AppendAsync(NaiveJournal naive, bool isCompared = false)
        {
            var sequence = isCompared ? ++_compared : ++_naive;
            BinaryPrimitives.WriteInt64BigEndian(_bytes, sequence);

            return naive.AppendAsync(Name, sequence, _bytes, ChainHash.Of(_bytes).ToBytes());
        }

        private async Task AppendAsync(NewRun? create)
        {
            BinaryPrimitives.WriteInt64BigEndian(_bytes, _sequence);
            var entry = new StoredEvent(_sequence + 1, _epoch, "test.happened", _bytes, ChainHash.Of(_bytes));
            var now = TimeProvider.System.GetUtcNow();
            await store.AppendAsync(
                new AppendRequest(
                    key, _sequence, _head, _epoch, [entry], [],
                    new RunProjection("running", "", "none", PayloadRef.None, now, 0.01m, 100, 1, null), create),
                CancellationToken.None);
            (_sequence, _head) = (entry.Sequence, entry.Self);
        }
    }
}
