using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>A run as it is read from the store: state, memory and the end of its chain.</summary>
public sealed class OpenedRun : IDisposable
{
    private OpenedRun(RunRecord record, RunJournal journal, RunMemory memory) =>
        (Record, Journal, Memory) = (record, journal, memory);

    public RunRecord Record { get; }

    public RunJournal Journal { get; }

    public RunMemory Memory { get; }

    public RunState State { get; private set; } = RunState.Empty;

    public ChainHash Head { get; private set; } = ChainHash.Genesis;

    /// <exception cref="Authority.ProblemException"><c>journal.*</c> when the journal does not verify,
    /// <c>key.wrong</c>.</exception>
    public static async Task<OpenedRun> OpenAsync(
        RunServices services, RunRecord record, Action<RunEvent>? onEntry, CancellationToken cancellationToken)
    {
        var sealer = new PayloadSealer(record.Run, services.Keys.KeyOf(record),
            services.Entropy);
        var actor = new Actor(ActorKind.Worker, "", "");
        var journal = new RunJournal(record.Run, services.Store, sealer, services.Time, actor, default);
        var opened = new OpenedRun(record, journal, new RunMemory(record.Run, services.Store, sealer));
        var verifier = new JournalVerifier(record.Run);

        await foreach (var stored in services.Store.ReadAsync(record.Run, 1, cancellationToken))
        {
            var (entry, fault) = verifier.Take(stored);

            if (fault is not null)
            {
                throw new Authority.ProblemException(new Authority.Problem(
                    fault.Code, $"Entry {fault.Sequence} of the journal: {fault.Message}"));
            }

            opened.State = RunFold.Apply(opened.State, entry!);
            onEntry?.Invoke(entry!);
        }

        opened.Head = verifier.Head;
        await opened.Memory.LoadLabelsAsync(opened.State.Labels, cancellationToken);
        return opened;
    }

    public void Dispose() => Journal.Sealer.Dispose();
}
