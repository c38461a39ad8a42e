namespace Reeve.Kernel.Tools;

/// <summary>What is known of a tool before it is called, to the model and to recovery.</summary>
/// <param name="Name">Lower case with underscores; stable; also written to the journal.</param>
/// <param name="Summary">Product text the model reads: what it does and when to use it.</param>
/// <param name="EffectClass">What recovery may do with an interrupted call.</param>
/// <param name="Needs">The grant interfaces the tool asks its context for.</param>
/// <param name="EndsRun">The call states that the work is finished; its output is the result.</param>
public sealed record ToolSpec(
    string Name,
    string Summary,
    EffectClass EffectClass,
    IReadOnlyList<Type> Needs,
    bool EndsRun = false);
