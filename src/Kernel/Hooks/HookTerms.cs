namespace Reeve.Kernel.Hooks;

/// <summary>The operator's hooks as they were agreed for one run; a part of its terms.</summary>
/// <param name="BeforeTool">Asked before a tool is started, in this order.</param>
/// <param name="DeniesOnFailure">What a hook counts as that fails, hangs or says what nobody understands.</param>
/// <param name="CanAsk">Whether a person can be asked; where not, a hook that wants it denies.</param>
public sealed record HookTerms(IReadOnlyList<HookTerm> BeforeTool, bool DeniesOnFailure, bool CanAsk);

/// <summary>A command that is asked about calls of some tools.</summary>
/// <param name="Match">A tool's name, or the beginning of names with a <c>*</c> behind it.</param>
/// <param name="Command">The program and its arguments; it runs in the sandbox of the run.</param>
public sealed record HookTerm(string Match, IReadOnlyList<string> Command, int TimeoutSeconds)
{
    public bool Covers(string tool) => Match.EndsWith('*')
        ? tool.StartsWith(Match[..^1], StringComparison.Ordinal) : tool == Match;
}

/// <summary>What hooks say of a call. There is no yes: they can only add to what forbids it.</summary>
public enum HookAnswer
{
    NoOpinion = 0,

    /// <summary>A person shall say.</summary>
    Ask,
    Deny,
}
