using Reeve.Authority;
using Reeve.Kernel.Journal.Events;

namespace Reeve.Kernel.Journal;

/// <summary>Compares what a run says it goes on from with the journal of its parent, where that is still
/// there.</summary>
public static class OriginCheck
{
    /// <returns>Null where all is well, and for a run that begins anew or whose parent is not there.</returns>
    public static async Task<JournalFault?> FaultAsync(
        IRunStore store, RunKey run, CancellationToken cancellationToken)
    {
        if (await AdmittedAsync(store, run, cancellationToken) is not { Origin: { } origin })
        {
            return null;
        }

        if (!RunId.TryParse(origin.Run, out var named) || named is not { } id)
        {
            return Fault("journal.origin_unknown", "The entry names a parent that cannot be.");
        }

        var parent = run with { Run = id };

        if (await store.FindAsync(parent, cancellationToken) is not { } record)
        {
            return null;
        }

        var isThere = origin.Sequence >= 1 && origin.Sequence <= record.HeadSequence
            && await HashAsync(store, parent, origin.Sequence, cancellationToken) == origin.Hash;

        return isThere ? null : Fault("journal.origin_differs", "The parent's entry is not the one that is named.");
    }

    private static JournalFault Fault(string code, string message) => new(1, code, message);

    private static async Task<RunAdmitted?> AdmittedAsync(
        IRunStore store, RunKey run, CancellationToken cancellationToken)
    {
        await foreach (var first in store.ReadAsync(run, 1, cancellationToken))
        {
            return EventEnvelope.Decode(first.Bytes).Body as RunAdmitted;
        }

        return null;
    }

    // What is stored beside an entry is not believed: the hash is taken of its bytes.
    private static async Task<string?> HashAsync(
        IRunStore store, RunKey run, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in store.ReadAsync(run, sequence, cancellationToken))
            {
                return ChainHash.Of(entry.Bytes).ToString();
            }
        }
        catch (ProblemException damage) when (damage.Problem.Code == "store.corrupt")
        {
            // A parent that is damaged there is not the one that was named.
        }

        return null;
    }
}
