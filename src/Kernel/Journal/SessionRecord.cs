namespace Reeve.Kernel.Journal;

/// <summary>A session as lists see it: a reading of its runs.</summary>
/// <param name="Session">Its first run.</param>
/// <param name="Head">Its newest one.</param>
/// <param name="SealedName">Wrapped under the session's own name; empty where it has none.</param>
public sealed record SessionRecord(
    RunKey Session, RunKey Head, int Runs, DateTimeOffset BeganAt, DateTimeOffset UpdatedAt, byte[] SealedName);
