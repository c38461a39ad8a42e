using System.Collections.Immutable;

namespace Reeve.Models.Scripted;

/// <summary>One turn of a script: when it is taken, what is said, and what goes wrong on the way.</summary>
/// <param name="When">Null takes the turn in any case.</param>
/// <param name="Repeat">The turn is not used up: it may be taken again and again.</param>
/// <param name="LatencyMs">Before the first byte.</param>
/// <param name="SplitBytes">The response leaves in pieces of so many bytes; 0 leaves each event whole.</param>
/// <param name="DeltaCharacters">How much text a delta carries.</param>
/// <param name="Interleave">The arguments of parallel calls come in turns.</param>
/// <param name="DuplicateDeltas">Openings, whole arguments and the end come twice.</param>
public sealed record ScriptTurn(
    ScriptReply? Reply = null,
    ScriptMatch? When = null,
    bool Repeat = false,
    int LatencyMs = 0,
    int SplitBytes = 0,
    int DeltaCharacters = 24,
    bool Interleave = false,
    bool DuplicateDeltas = false)
{
    /// <summary>The first fault that still applies to an attempt takes the place of the reply.</summary>
    public ImmutableArray<ScriptFault> Faults
    {
        get => field.IsDefault ? [] : field;
        init;
    }
}
