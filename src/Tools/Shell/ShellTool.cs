using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Shell;

/// <summary>Lets an agent run a shell line inside the verified sandbox of its run.</summary>
/// <remarks>
/// The line is one argument of the shell in the sandbox; nothing of it is ever read by a shell outside. The
/// sandbox, its limits and its view come with the <see cref="IPrograms"/> grant.
/// </remarks>
public sealed class ShellTool() : Tool<ShellTool.Arguments>(ToolShapes.Default)
{
    public const int CommandCharsMax = 64 * 1024;
    public const int TimeoutSecondsMax = 3_600;

    /// <summary>The receipt's exit code for a command that was killed and so had none.</summary>
    public const int ExitCodeOfKilled = -1;

    public sealed record Arguments(
        [property: Description("The command line, for bash.")] string Command,
        [property: Description("End it after so many seconds, 1 to 3600; 0 is the sandbox's own limit.")]
        int TimeoutSeconds = 0,
        [property: Description("Working directory, relative to the workspace.")] string Directory = ".");

    public override ToolSpec Spec { get; } = new(
        Name: "shell",
        Summary: "Runs a shell command in the sandbox, in the workspace; there is no network and nothing outlives "
            + "the call. Returns exit code, stdout and stderr; long output loses its middle. Run tests and builds "
            + "plainly, without pipes or '|| true', so that their exit code counts.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.RunCommand, arguments.Command)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.Command.Trim().Length > 0
                && arguments.Command.Length <= CommandCharsMax
                && !arguments.Command.Contains('\0', StringComparison.Ordinal),
            "argument.invalid",
            $"command has 1 to {CommandCharsMax} characters and no NUL.");
        Problem.ThrowUnless(
            arguments.TimeoutSeconds is >= 0 and <= TimeoutSecondsMax,
            "argument.invalid",
            $"timeoutSeconds is 0 to {TimeoutSecondsMax}.");

        var ended = await RunInShellAsync(arguments, context, cancellationToken);
        var result = ended.Value;
        var receipt = new Receipt(
            arguments.Command,
            result.ExitCode ?? ExitCodeOfKilled,
            CheckCommands.IsCheck(arguments.Command));

        return new ToolOutput(
            CommandReport.Write(result),
            ended.Label,
            IsError: result.ExitCode != 0,
            receipt,
            result.ChangedFiles);
    }

    private static async Task<Labeled<CommandResult>> RunInShellAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var programs = context.Grant<IPrograms>();
        var command = new Command(
            ["/bin/bash", "-c", arguments.Command],
            arguments.Directory,
            TimeLimit: arguments.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(arguments.TimeoutSeconds) : null);

        try
        {
            return await programs.RunAsync(command, context.OnOutput, cancellationToken);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code == "command.not_found")
        {
            // Small systems have no bash; nothing has run yet.
            var posix = command with { Arguments = ["/bin/sh", "-c", arguments.Command] };

            return await programs.RunAsync(posix, context.OnOutput, cancellationToken);
        }
    }
}
