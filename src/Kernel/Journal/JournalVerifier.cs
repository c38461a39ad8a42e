using Reeve.Authority;

namespace Reeve.Kernel.Journal;

/// <summary>Walks the chain of a journal and names the first entry that does not fit.</summary>
/// <remarks>
/// Altered, deleted, reordered and inserted entries break the chain at their place; entries cut off at the end
/// show against the head that the store recorded. A payload that opens to something else is named by its entry.
/// </remarks>
public sealed class JournalVerifier(RunKey run)
{
    private ChainHash _head = ChainHash.Genesis;
    private int _epoch;

    public long Entries { get; private set; }

    public ChainHash Head => _head;

    /// <returns>The entry, or the finding that ends the walk.</returns>
    public (RunEvent? Entry, JournalFault? Fault) Take(StoredEvent stored)
    {
        var expected = Entries + 1;

        if (stored.Sequence != expected)
        {
            return (null, new JournalFault(expected, "journal.gap", "An entry is missing or out of order."));
        }

        if (ChainHash.Of(stored.Bytes) != stored.Self)
        {
            return (null, new JournalFault(expected, "journal.altered", "The entry is not what was written."));
        }

        RunEvent entry;

        try
        {
            entry = EventEnvelope.Decode(stored.Bytes);
        }
        catch (ProblemException refusal)
        {
            return (null, new JournalFault(expected, refusal.Problem.Code, refusal.Problem.Message));
        }

        if (entry.Previous != _head)
        {
            return (null, new JournalFault(expected, "journal.broken_chain", "The entry follows another one."));
        }

        if (entry.Sequence != expected || entry.Run != run.Run || entry.Tenant != run.Tenant || entry.Epoch < _epoch)
        {
            return (null, new JournalFault(expected, "journal.misplaced", "The entry belongs somewhere else."));
        }

        Entries = expected;
        _head = stored.Self;
        _epoch = entry.Epoch;
        return (entry, null);
    }

    /// <summary>Compares the end of the walk with the head the store recorded.</summary>
    public JournalFault? Finish(long headSequence, ChainHash head) =>
        Entries == headSequence && _head == head
            ? null
            : new JournalFault(Entries + 1, "journal.truncated", "Entries at the end are missing or unknown.");
}

/// <summary>What is wrong with a journal, and at which entry.</summary>
public sealed record JournalFault(long Sequence, string Code, string Message);
