using System.CommandLine;
using Reeve.Cli.Commands;

namespace Reeve.Cli;

/// <summary>Every command by name, in the order of help. Only the one that is called is built.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<(string Name, Func<World, Command> Build)> All { get; } =
    [
        ("run", world => new RunCommand(world)),
        ("resume", world => new ResumeCommand(world)),
        ("fork", world => new ForkCommand(world)),
        ("rewind", world => new RewindCommand(world)),
        ("sessions", world => new SessionsCommands(world)),
        ("runs", world => new RunsCommand(world)),
        ("show", world => new ShowCommand(world)),
        ("diff", world => new DiffCommand(world)),
        ("apply", world => new ApplyCommand(world)),
        ("undo", world => new UndoCommand(world)),
        ("discard", world => new DiscardCommand(world)),
        ("replay", world => new ReplayCommand(world)),
        ("cancel", world => new CancelCommand(world)),
        ("approve", world => new ApproveCommand(world)),
        ("deny", ApproveCommand.Denying),
        ("permissions", world => new PermissionsCommand(world)),
        ("trust", world => new TrustCommand(world)),
        ("answer", world => new AnswerCommand(world)),
        ("journal", world => new JournalCommand(world)),
        ("sandbox", world => new SandboxCommands(world)),
        ("policy", world => new PolicyCommand(world)),
        ("budget", world => new BudgetCommand(world)),
        ("net", world => new NetCommand(world)),
        ("redact", world => new RedactCommand(world)),
        ("model", world => new ModelCommand(world)),
        ("doctor", world => new DoctorCommand(world)),
        ("config", world => new ConfigCommand(world)),
        ("init", world => new InitCommand(world)),
        ("completion", world => new CompletionCommand(world)),
    ];

    public static IEnumerable<string> Names => All.Select(entry => entry.Name);

    public static Command? Build(string name, World world) =>
        All.FirstOrDefault(entry => entry.Name == name).Build?.Invoke(world);
}
