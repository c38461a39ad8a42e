using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to run the few commands on the machine itself that its operator has written down.</summary>
/// <remarks>
/// Only what fits one of the operator's forms, word for word, starts at all; what else it takes is for the gate, which
/// is told of the whole command. It runs as the user who started Reeve, with an environment and descriptors of its
/// own, and is ended by its limits.
/// </remarks>
public interface IHostCommands : IGrant
{
    /// <exception cref="ProblemException">
    /// <c>host.not_configured</c>, <c>host.not_allowed</c>, <c>host.binary_refused</c>, <c>host.binary_changed</c>,
    /// <c>host.not_started</c>. A command that fails or is ended by a limit is a result and not a problem.
    /// </exception>
    Task<Labeled<CommandResult>> RunAsync(
        string program, IReadOnlyList<string> arguments, Action<OutputChunk>? onOutput,
        CancellationToken cancellationToken);
}
