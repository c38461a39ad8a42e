namespace Reeve.Authority.Policy;

/// <summary>One thing a call would touch. The gate decides about effects, never about argument names.</summary>
/// <param name="Kind">What would happen.</param>
/// <param name="Target">
/// A path relative to the workspace, a shell command line, a host with port, or empty where there is none.
/// </param>
public readonly record struct Effect(EffectKind Kind, string Target);

/// <summary>The kinds of effect a rule can name. <see cref="Unknown"/> is never allowed.</summary>
public enum EffectKind
{
    Unknown = 0,

    /// <summary>Nothing outside the run itself, as finishing it.</summary>
    None,
    ReadFile,
    WriteFile,
    DeleteFile,

    /// <summary>A command line given to a shell in the sandbox.</summary>
    RunCommand,
    Connect,
    Spend,
    Send,
    Remember,
    Delegate,

    /// <summary>Writing the reviewed changes to the user's own tree.</summary>
    Apply,
    HostCommand,
    UseSecret,

    /// <summary>A plan that would let the run do more unasked: a person decides each time.</summary>
    Widen,

    /// <summary>A question that only a person answers: asked in every mode, and no rule answers it.</summary>
    AskPerson,
}
