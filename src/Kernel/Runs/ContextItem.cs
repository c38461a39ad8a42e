using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>One part of what the model is shown, by reference, with what it weighs.</summary>
public sealed record ContextItem(
    ContextItemKind Kind, long Sequence, int Index, PayloadRef Content, int Tokens, LabelId Label)
{
    /// <summary>Never summarised and never dropped.</summary>
    public bool IsPinned => Kind is ContextItemKind.Goal or ContextItemKind.Guidance;
}

public enum ContextItemKind
{
    Goal = 0,
    Guidance,
    Summary,

    /// <summary>A message of a person, or of Reeve itself about a check that failed.</summary>
    Input,
    Reply,
    Observation,
}
