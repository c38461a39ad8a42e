using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Tests.Unit.Fakes;

/// <summary>Answers every command with one result and remembers what it was asked to run.</summary>
internal sealed class ScriptedPrograms(CommandResult result) : IPrograms
{
    public static readonly Label Label = Label.From(new SourceId("sandbox"), new ReaderId("ada"));

    public List<Command> Ran { get; } = [];

    public bool HasBash { get; init; } = true;

    public static CommandResult Ended(
        int? exitCode, string output = "", string errorOutput = "", CommandLimit limit = CommandLimit.None) =>
        new(
            exitCode,
            Signal: exitCode is null ? "SIGKILL" : null,
            limit,
            Text(output),
            Text(errorOutput),
            TimeSpan.FromSeconds(1.25),
            MemoryBytesPeak: 0,
            SandboxTier: "bubblewrap");

    public Task<Labeled<CommandResult>> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken)
    {
        Ran.Add(command);
        Problem.ThrowUnless(
            HasBash || command.Arguments[0] != "/bin/bash", "command.not_found", "There is no such program.");

        return Task.FromResult(new Labeled<CommandResult>(result, Label));
    }

    private static OutputText Text(string text) =>
        new(Encoding.UTF8.GetBytes(text), default, Encoding.UTF8.GetByteCount(text));
}
