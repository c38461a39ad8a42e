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
}

/// <summary>A file the shell itself opens for a command.</summary>
public readonly record struct ShellRedirect(ShellWord Target, bool IsWrite);

/// <summary>A word as the program receives it.</summary>
/// <param name="Text">Quotes and backslashes are gone; an expansion stays as it was written.</param>
/// <param name="IsLiteral">False when the shell would still expand something in it.</param>
public readonly record struct ShellWord(string Text, bool IsLiteral);

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
