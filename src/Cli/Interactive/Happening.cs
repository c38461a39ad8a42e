using Reeve.Cli.Interactive.Keys;

namespace Reeve.Cli.Interactive;

/// <summary>Something the session has to react to.</summary>
internal enum HappeningKind
{
    Key = 0,

    /// <summary>The other end of the terminal is gone.</summary>
    InputEnded,
    WorkEnded,
    /// <summary>What is below the prompt, or the question at it, is another one.</summary>
    Changed,
    Resized,

    /// <summary>The process was stopped and goes on.</summary>
    Continued,
}

/// <param name="Key">What was pressed, where a key was.</param>
internal readonly record struct Happening(HappeningKind Kind, Key Key = default);
