using System.CommandLine;
using System.Text;
using Reeve.Cli.Operator;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Reference;

/// <summary>The page docs/reference/cli.md, written from the commands and exit codes themselves.</summary>
internal static class CliReference
{
    private static readonly IReadOnlyList<(ExitCode Code, string Meaning)> s_endings =
    [
        (ExitCode.Ok, "done; a run succeeded, or SIGTERM parked it"),
        (ExitCode.Error, "failed, or a bug"),
        (ExitCode.BadInput, "wrong usage, configuration, folder or name"),
        (ExitCode.TurnLimit, "the run reached its limit of turns"),
        (ExitCode.OutOfBudget, "out of money, tokens, time or tool calls"),
        (ExitCode.Denied, "the mandate, a rule or a person said no; `policy check`: denied"),
        (ExitCode.ApprovalPending, "the run waits for a person's approval; `policy check`: asked"),
        (ExitCode.Unverified, "finished, and what it claims was not proven"),
        (ExitCode.Cancelled, "a person ended the run"),
        (ExitCode.InDoubt, "nobody can tell whether an effect happened; a person must say"),
        (ExitCode.NoSandbox, "no sandbox could be verified"),
        (ExitCode.ModelFailed, "the model or its provider failed"),
        (ExitCode.StoreFailed, "the store or the data directory cannot be used"),
        (ExitCode.Conflict, "the user changed the same files meanwhile; nothing was written"),
        (ExitCode.JournalBroken, "a journal does not verify"),
        (ExitCode.OutputMismatch, "the answer does not fit the schema of `--output-schema`, also after repairs"),
        (ExitCode.Interrupted, "a signal from the keyboard; a run was parked unless a second one came"),
    ];

    public static string Markdown()
    {
        var page = new StringBuilder("""
            # Command line

            Generated from the code; do not edit. Results go to standard output, progress and refusals to standard
            error. `reeve sandbox exec` ends with the exit code of its command instead (124 at a limit of time, 137 at
            another).

            | exit code | meaning |
            |---|---|

            """);

        foreach (var (code, meaning) in s_endings)
        {
            page.Append($"| {(int)code} | {meaning} |\n");
        }

        var world = Nowhere();

        foreach (var command in CommandTable.All.Select(entry => entry.Build(world)))
        {
            Append(page, command);
        }

        return page.ToString();
    }

    /// <summary>Endings without a meaning: there must be none.</summary>
    public static IEnumerable<ExitCode> Unexplained() =>
        Enum.GetValues<ExitCode>().Except(s_endings.Select(ending => ending.Code));

    private static void Append(StringBuilder page, Command command)
    {
        page.Append($"\n## {HelpText.Usage(command).Split('[')[0].Trim()}\n\n```text\n{HelpText.Of(command)}\n```\n");

        foreach (var sub in command.Subcommands)
        {
            Append(page, sub);
        }
    }

    // Commands are described, never called, so the world they get has nothing in it.
    private static World Nowhere() => new(
        new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null, TerminalTraits.None), "/",
        flags => SettingsLoader.Load(new SettingsSources([], new Dictionary<string, string>(), flags)),
        HostFactory.OpenAsync, new OperatorTools(), Signals.OfTest(TimeProvider.System, _ => { }), TimeProvider.System);
}
