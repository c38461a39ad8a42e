using Reeve.Kernel.Journal;

namespace Reeve.Hosting.Sessions;

/// <summary>A run that goes on where another one stood.</summary>
/// <param name="Run">The new run, or the old one where that was not finished and was told the prompt.</param>
/// <param name="At">The entry of the parent up to which conversation and files were taken.</param>
/// <param name="AskedAt">The entry that was asked for; another one than <paramref name="At"/> where that lies in the
/// middle of a step.</param>
/// <param name="IsNew">False where the prompt went to the run that is there.</param>
/// <param name="Applied">The run whose changes are in the user's own files, the parent or one after it; a rewind leaves
/// them there, and <c>undo</c> takes them back. Null where there is none.</param>
public sealed record ForkReport(
    RunKey Run, RunKey Parent, long At, long AskedAt, bool IsNew, RunKey? Applied)
{
    public bool IsMoved => At != AskedAt;
}
