using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>One program call of a shell line, with quotes resolved.</summary>
/// <param name="Words">The program and its arguments; assignments before it are kept apart.</param>
/// <param name="Assignments">Names of variables set for this command alone.</param>
/// <param name="Joint">What stands between this command and the next one.</param>
/// <param name="IsNested">Inside a substitution, a subshell or an argument of another command.</param>
/// <param name="Redirects">Files it reads from and writes to by redirection.</param>
public sealed record SimpleCommand(
    ImmutableArray<ShellWord> Words,
    ImmutableArray<string> Assignments,
    ShellJoint Joint,
    bool IsNested,
    ImmutableArray<ShellRedirect> Redirects)
{
    public bool IsLiteral => Words.All(word => word.IsLiteral);

    /// <summary>The command whose output this one reads through a pipe.</summary>
    internal SimpleCommand? Feeder { get; init; }

    /// <summary>The command whose arguments this one was taken from, as <c>env</c> or <c>find -exec</c>.</summary>
    internal SimpleCommand? Starter { get; init; }

    /// <summary>As it was written, or for an inner one as it is known.</summary>
    internal string Source { get; init; } = "";
}

/// <summary>A file the shell itself opens for a command.</summary>
public readonly record struct ShellRedirect(ShellWord Target, bool IsWrite);

/// <summary>The operator that follows a command.</summary>
public enum ShellJoint
{
    End = 0,
    And,
    Or,
    Sequence,
    Pipe,
    Background,
}
