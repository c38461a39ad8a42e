namespace Reeve.Kernel.Journal;

/// <summary>What a run goes on from: an entry of another run, by its place and hash.</summary>
/// <remarks>
/// The conversation of the parent up to there is copied into the new journal and its files into the new view, so
/// nothing is ever read from the parent again. The hash lets whoever still has the parent prove the descent.
/// </remarks>
/// <param name="Run">The parent.</param>
/// <param name="Sequence">The last entry of the parent that was taken over.</param>
/// <param name="Hash">Of that entry, as 64 hex digits.</param>
/// <param name="Session">The first run of the session this one belongs to.</param>
/// <param name="Depth">How many forks lie between this run and one without an origin.</param>
/// <param name="HasPrompt">False where the run goes on with what its parent was asked.</param>
/// <param name="Tree">Digest of the view as the run finds it.</param>
public sealed record RunOrigin(
    string Run, long Sequence, string Hash, string Session, OriginKind Kind, int Depth, bool HasPrompt,
    PayloadRef Tree);

public enum OriginKind
{
    /// <summary>The next run of a session, after the end of the one before.</summary>
    Continue = 0,

    /// <summary>A session of its own.</summary>
    Fork,

    /// <summary>An earlier place of a session becomes its head.</summary>
    Rewind,
}
