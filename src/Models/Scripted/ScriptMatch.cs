namespace Reeve.Models.Scripted;

/// <summary>Conditions on the conversation so far; all that are given must hold.</summary>
/// <param name="LastResultMatches">A regular expression without backtracking, as the other one.</param>
public sealed record ScriptMatch(
    string? LastResultContains = null,
    string? LastResultMatches = null,
    string? AnyMessageContains = null,
    string? AnyMessageMatches = null);
