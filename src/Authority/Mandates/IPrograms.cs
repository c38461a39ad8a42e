using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to run commands inside the verified sandbox of one run, over its workspace view.</summary>
/// <remarks>
/// There is no other way for an agent to start a process. Where no sandbox can be verified the grant refuses
/// with <c>sandbox.unavailable</c>; it never runs a command outside one.
/// </remarks>
public interface IPrograms : IGrant
{
    /// <summary>Runs one command to its end, its time-out or a limit; nothing of it is left when this
    /// returns.</summary>
    /// <exception cref="ProblemException">
    /// <c>sandbox.unavailable</c>, <c>sandbox.setup_failed</c>, <c>command.invalid</c>, <c>command.not_found</c>.
    /// A command that fails, times out or is killed by a limit is a result and not a problem.
    /// </exception>
    Task<Labeled<CommandResult>> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken);
}

/// <summary>A command as an argument list; a shell exists only where the list names one.</summary>
/// <param name="Arguments">The program and its arguments; none contains NUL.</param>
/// <param name="Directory">Working directory, relative to the workspace.</param>
/// <param name="Input">What the command reads on standard input.</param>
/// <param name="TimeLimit">Wall time; null means the profile's own limit, and never more than that.</param>
public sealed record Command(
    IReadOnlyList<string> Arguments,
    string Directory = ".",
    ReadOnlyMemory<byte> Input = default,
    TimeSpan? TimeLimit = null)
{
    /// <summary>Extra environment variables; names match <c>[A-Za-z_][A-Za-z0-9_]*</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>A piece of output as it is produced, for the live view only; raw bytes, not yet redacted.</summary>
public readonly record struct OutputChunk(bool IsError, ReadOnlyMemory<byte> Bytes);
