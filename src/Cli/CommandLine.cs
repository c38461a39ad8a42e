using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using Reeve.Authority;
using Reeve.Cli.Interactive;
using Reeve.Cli.Output;
using Reeve.Cli.Reference;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli;

/// <summary>Turns what was typed into one command, and refuses what it does not know with what was probably
/// meant.</summary>
internal static class CommandLine
{
    private const string Purpose =
        "Hands real work to an agent, under a mandate, and proves afterwards that it was kept.";

    /// <summary>How far from a command's name a single word may be and still be taken for it.</summary>
    private const int TypingErrorsMax = 2;

    /// <summary>Not in the help: prints the pages of docs/reference.</summary>
    private const string ReferenceWord = "reference";

    private static readonly string[] s_helpWords = ["--help", "-h", "-?", "help"];

    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, World world)
    {
        try
        {
            if (arguments is [ReferenceWord, "cli" or "config"])
            {
                world.Terminal.OutVerbatim(
                    arguments[1] == "cli" ? CliReference.Markdown() : ConfigReference.Markdown());
                return (int)ExitCode.Ok;
            }

            var (command, rest) = Choose(arguments, world);

            if (command is null)
            {
                world.Terminal.Out(HelpText.OfAll(world, Purpose));
                return (int)ExitCode.Ok;
            }

            if (UnknownFlags.In(command, rest) is { } unknown)
            {
                return (int)Failures.Tell(world, Guess(arguments), unknown, ExitCode.BadInput);
            }

            return await InvokeAsync(command, rest, arguments, world);
        }
        catch (ProblemException refusal)
        {
            return (int)Failures.Tell(world, Guess(arguments), refusal.Problem, ExitCodes.Of(refusal.Problem));
        }
        finally
        {
            world.Terminal.Flush();
        }
    }

    /// <summary>The command and what follows its name; no command for the help of all.</summary>
    private static (Command? Command, IReadOnlyList<string> Following) Choose(
        IReadOnlyList<string> arguments, World world)
    {
        if (arguments is [] && SessionStart.IsPossible(world.Terminal.Traits))
        {
            return (CommandTable.Build("run", world), []);
        }

        if (arguments is [] || (arguments.Count == 1 && s_helpWords.Contains(arguments[0])))
        {
            return (null, []);
        }

        var first = arguments[0];

        if (CommandTable.Build(first, world) is { } named)
        {
            return (named, [.. arguments.Skip(1)]);
        }

        // One word that is nearly a command is a typing error; taken for a goal it would cost money.
        var isWord = arguments.Count == 1 || !first.Contains(' ', StringComparison.Ordinal);
        var meant = isWord && first is not ['-', ..] ? Suggestion.For(first, CommandTable.Names) : null;
        Problem.ThrowUnless(
            meant is null || Suggestion.Distance(first, meant) > TypingErrorsMax,
            "usage.unknown_command",
            $"There is no such command. Did you mean {meant}? A goal of one word: reeve run GOAL.");

        return (CommandTable.Build("run", world), arguments);
    }

    private static async Task<int> InvokeAsync(
        Command command, IReadOnlyList<string> rest, IReadOnlyList<string> arguments, World world)
    {
        var root = new RootCommand(Purpose) { command };
        var parse = root.Parse([command.Name, .. rest],
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parse.Action is HelpAction)
        {
            world.Terminal.Out(HelpText.Of(parse.CommandResult.Command));
            return (int)ExitCode.Ok;
        }

        if (parse.Errors is [var first, ..])
        {
            var isGroup = parse.CommandResult.Command.Subcommands.Count > 0;
            var message = isGroup
                ? $"Name one of: {string.Join(", ", parse.CommandResult.Command.Subcommands.Select(sub => sub.Name))}."
                : first.Message;
            return (int)Failures.Tell(
                world, Guess(arguments), new Problem("usage.invalid", message), ExitCode.BadInput);
        }

        return await parse.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            CancellationToken.None);
    }

    // What cannot be parsed may still say who reads the answer.
    private static OutputFormat Guess(IReadOnlyList<string> arguments) =>
        arguments.Contains("--json") || arguments.Any(text => text.EndsWith("json", StringComparison.Ordinal)
            && (text is "json" or "stream-json" || text.StartsWith("--output-format=", StringComparison.Ordinal)))
            ? OutputFormat.Json
            : OutputFormat.Text;
}
