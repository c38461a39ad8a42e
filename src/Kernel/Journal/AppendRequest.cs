namespace Reeve.Kernel.Journal;

/// <summary>One atomic addition to a journal.</summary>
/// <param name="ExpectedSequence">Sequence of the present head; zero for a new run.</param>
/// <param name="ExpectedHead">Its hash; <see cref="ChainHash.Genesis"/> for a new run.</param>
/// <param name="Epoch">Of the lease under which it is written; zero only together with
/// <paramref name="Create"/>.</param>
/// <param name="Projection">What lists and schedulers see from now on.</param>
/// <param name="Create">Given exactly with the first entry of a run.</param>
/// <param name="InboxTakenThrough">Messages up to this one are taken by this append; null takes none.</param>
public sealed record AppendRequest(
    RunKey Run,
    long ExpectedSequence,
    ChainHash ExpectedHead,
    int Epoch,
    IReadOnlyList<StoredEvent> Events,
    IReadOnlyList<StoredPayload> Payloads,
    RunProjection Projection,
    NewRun? Create = null,
    long? InboxTakenThrough = null);

/// <summary>What is written once, with the first entry.</summary>
/// <param name="WrappedKey">The run's key, wrapped by the master key.</param>
/// <param name="WorkspaceId">Names the workspace without telling its path.</param>
/// <param name="IdempotencyKey">A second run with the same key is refused; null where there is none.</param>
/// <param name="Session">The first run of the session it belongs to; null for a session of its own.</param>
public sealed record NewRun(
    byte[] WrappedKey, string WorkspaceId, DateTimeOffset CreatedAt, string? IdempotencyKey, RunId? Session = null);

/// <summary>An entry as it is stored: the store does not look into the bytes.</summary>
public sealed record StoredEvent(long Sequence, int Epoch, string Type, byte[] Bytes, ChainHash Self);

/// <summary>A sealed payload. Key = (run, commitment); nothing is shared across runs.</summary>
public sealed record StoredPayload(PayloadRef Ref, byte[] Sealed);

/// <summary>An entry with its place in the order in which entries of all runs became visible.</summary>
public sealed record PositionedEvent(long Position, RunKey Run, StoredEvent Event);
