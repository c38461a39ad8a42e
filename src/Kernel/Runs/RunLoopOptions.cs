namespace Reeve.Kernel.Runs;

/// <summary>How long a worker stays with a run that waits for a person.</summary>
/// <param name="AnswerTimeMax">Zero parks at once; another process may still answer, and resume continues.</param>
public sealed record RunLoopOptions(TimeSpan AnswerTimeMax);
