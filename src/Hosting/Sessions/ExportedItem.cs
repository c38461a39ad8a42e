using Reeve.Kernel.Journal;

namespace Reeve.Hosting.Sessions;

/// <summary>One line of an exported session: a part of the conversation, or the end of a run's chain.</summary>
/// <param name="Kind">As <c>goal</c>, <c>guidance</c>, <c>summary</c>, <c>input</c>, <c>reply</c>,
/// <c>observation</c>, <c>call</c> or <c>head</c>.</param>
/// <param name="Text">Redacted; of a head its hash.</param>
/// <param name="Tool">The name of the tool of a call; else empty.</param>
/// <param name="Sources">Where it came from; null where that is not known.</param>
public sealed record ExportedItem(
    RunKey Run, long Sequence, string Kind, string Text, string Tool, IReadOnlyList<string>? Sources);
