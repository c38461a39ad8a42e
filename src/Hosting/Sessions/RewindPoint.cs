namespace Reeve.Hosting.Sessions;

/// <summary>A place in a run to which files and context can be brought back together.</summary>
/// <param name="At">The last entry that is kept.</param>
/// <param name="Sentence">What had just happened there, in one line, redacted.</param>
/// <param name="HasChangedFiles">The step before it changed files of the view.</param>
public sealed record RewindPoint(
    long At, RewindPointKind Kind, string Sentence, DateTimeOffset AtTime, bool HasChangedFiles)
{
    /// <summary>Of one sentence.</summary>
    public const int SentenceCharactersMax = 120;
}

public enum RewindPointKind
{
    /// <summary>A person had said something, and nothing was answered yet.</summary>
    Prompt = 0,

    /// <summary>All calls of one reply had their results.</summary>
    Calls,

    /// <summary>The agent had answered without calling a tool.</summary>
    Answer,
}
