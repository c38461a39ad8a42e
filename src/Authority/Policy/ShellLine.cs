using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>What is known of a shell line. Where it was not understood whole, the commands are only some of
/// it.</summary>
/// <param name="IsUnderstood">False for every construct the reader does not know; the gate then asks.</param>
/// <param name="Commands">Outer commands and those inside substitutions, wrappers and <c>sh -c</c>.</param>
public sealed record ShellLine(bool IsUnderstood, ImmutableArray<SimpleCommand> Commands)
{
    /// <summary>What was not understood; empty where all was.</summary>
    internal string Doubt { get; init; } = "";

    internal bool HidesCode { get; init; }

    internal bool DefinesFunctions { get; init; }

    internal ShellVariables Variables { get; init; } = new();
}
