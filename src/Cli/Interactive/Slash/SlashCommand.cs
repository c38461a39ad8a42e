namespace Reeve.Cli.Interactive.Slash;

/// <summary>One command of the session: a short name for what the command line does too.</summary>
/// <param name="Arguments">What may follow the name, for the help.</param>
internal sealed record SlashCommand(
    string Name, string Arguments, string Purpose, Func<SessionDesk, string, CancellationToken, Task> RunAsync)
{
    /// <summary>True where it only looks, and may be asked for while the agent works.</summary>
    public bool IsAllowedMeanwhile { get; init; }
}
