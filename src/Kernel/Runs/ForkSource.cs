using Reeve.Authority;
using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>A run read up to the entry at which another one goes on.</summary>
/// <remarks>
/// A place is only good where no call and no check is under way: files and context belong together there. Of a run
/// that has ended in the middle of its calls the end itself is good as well: its tree is that of the last checkpoint,
/// and what was never answered is said to be. The whole chain is verified, also behind that place.
/// </remarks>
public sealed class ForkSource : IDisposable
{
    private readonly PayloadSealer _sealer;

    private ForkSource(RunRecord record, PayloadSealer sealer, RunMemory memory) =>
        (Record, _sealer, Memory) = (record, sealer, memory);

    public RunRecord Record { get; }

    public RunMemory Memory { get; }

    /// <summary>The run as it was there.</summary>
    public RunState State { get; private set; } = RunState.Empty;

    /// <summary>The run as it is now.</summary>
    public RunState End { get; private set; } = RunState.Empty;

    /// <summary>The last entry that is taken over.</summary>
    public long At => State.Sequence;

    public ChainHash Hash { get; private set; }

    /// <summary>Calls that the run ended without a result of.</summary>
    public IEnumerable<CallState> Unanswered => State.Calls.Where(call => !call.IsFinished);

    /// <summary>Nothing can be asked of a model before somebody says something.</summary>
    public bool NeedsPrompt => State.HasClaim || State.Items[^1].Kind == ContextItemKind.Reply;

    /// <param name="at">The place that is wanted; the nearest good one before it is taken. Null for the end.</param>
    /// <param name="onPoint">Told every good place, in order.</param>
    /// <exception cref="ProblemException"><c>fork.beyond_end</c>, <c>fork.before_start</c>, <c>session.erased</c>,
    /// <c>journal.*</c>.</exception>
    public static async Task<ForkSource> ReadAsync(
        RunServices services, RunRecord record, long? at, Action<RunState, RunEvent>? onPoint,
        CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(!record.IsErased, "session.erased", "The words of this run were deleted.");
        Problem.ThrowUnless(at is not < 1, "fork.before_start", "The first entry of a run is number 1.");
        Problem.ThrowUnless(
            at is null || at <= record.HeadSequence, "fork.beyond_end",
            $"The run has {record.HeadSequence} entries; `reeve rewind` without --at lists the good places.");

        var sealer = new PayloadSealer(record.Run, services.Keys.KeyOf(record), services.Entropy);
        var source = new ForkSource(record, sealer, new RunMemory(record.Run, services.Store, sealer));

        try
        {
            await source.ReadAsync(services, at ?? long.MaxValue, onPoint, cancellationToken);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public void Dispose() => _sealer.Dispose();

    private async Task ReadAsync(
        RunServices services, long at, Action<RunState, RunEvent>? onPoint, CancellationToken cancellationToken)
    {
        var verifier = new JournalVerifier(Record.Run);

        await foreach (var stored in services.Store.ReadAsync(Record.Run, 1, cancellationToken))
        {
            var (entry, fault) = verifier.Take(stored);
            Throw(fault);
            End = RunFold.Apply(End, entry!);

            if (IsGood(entry!))
            {
                onPoint?.Invoke(End, entry!);

                // Before the first good place there is only the admission.
                if (entry!.Sequence <= at || State.Admitted is null)
                {
                    (State, Hash) = (End, entry.Self);
                }
            }
        }

        // Another process may have gone on meanwhile.
        Throw(verifier.Entries >= Record.HeadSequence
            ? null : verifier.Finish(Record.HeadSequence, Record.Head));
        await Memory.LoadLabelsAsync(End.Labels, cancellationToken);
    }

    private bool IsGood(RunEvent entry)
    {
        var hasBegun = End.Epoch > 0 || entry.Sequence == Record.HeadSequence;
        var isQuiet = End.Calls.All(call => call.IsFinished) && !End.Criteria.Any(criterion => criterion.IsRunning);

        return hasBegun && (isQuiet || End.IsFinished);
    }

    private static void Throw(JournalFault? fault)
    {
        if (fault is not null)
        {
            throw new ProblemException(
                new Problem(fault.Code, $"Entry {fault.Sequence} of the journal: {fault.Message}"));
        }
    }
}
