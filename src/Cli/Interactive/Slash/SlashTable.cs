using Reeve.Authority;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>Every slash command by name, in the order of help.</summary>
internal static class SlashTable
{
    public static IReadOnlyList<SlashCommand> All { get; } =
    [
        new("help", "", "What can be typed here.", AskingCommands.HelpAsync) { IsAllowedMeanwhile = true },
        new("model", "[PROVIDER/NAME]", "Show or choose the model of the next prompts.", SettingCommands.ModelAsync)
            { IsAllowedMeanwhile = true },
        new("mode", "[MODE]", "Show or choose how much is asked, from the next prompt on.", SettingCommands.ModeAsync)
            { IsAllowedMeanwhile = true },
        new("permissions", "", "The mode and the rules in force.", SettingCommands.PermissionsAsync)
            { IsAllowedMeanwhile = true },
        new("diff", "[--stat]", "What the session changed.", ChangeCommands.DiffAsync),
        new("apply", "[--include-ignored]", "Write the changes to your files.", ChangeCommands.ApplyAsync),
        new("undo", "", "Take back what was applied.", ChangeCommands.UndoAsync),
        new("rewind", "[N]", "Go back to an earlier point, files and conversation.", HistoryCommands.RewindAsync),
        new("cost", "", "What the session cost.", MeterCommands.CostAsync) { IsAllowedMeanwhile = true },
        new("context", "", "How full the model's context is.", MeterCommands.ContextAsync)
            { IsAllowedMeanwhile = true },
        new("compact", "", "Replace older parts of the context by a summary.", MeterCommands.CompactAsync)
            { IsAllowedMeanwhile = true },
        new("tools", "", "The tools an agent may call.", AskingCommands.ToolsAsync) { IsAllowedMeanwhile = true },
        new("resume", "[RUN]", "Take up another run of this folder.", HistoryCommands.ResumeAsync),
        new("fork", "[PROMPT]", "Go on in a session of its own; this one stays.", HistoryCommands.ForkAsync),
        new("export", "[FILE]", "Write the conversation to a file.", HistoryCommands.ExportAsync),
        new("doctor", "", "Find what is wrong on this machine.", AskingCommands.DoctorAsync),
        new("quit", "", "Leave; a run that works is parked.", AskingCommands.QuitAsync) { IsAllowedMeanwhile = true },
    ];

    /// <summary>Runs what was typed, which begins with a slash.</summary>
    /// <exception cref="ProblemException"><c>usage.unknown_command</c>, <c>session.busy</c>, and those of the
    /// command.</exception>
    public static Task RunAsync(SessionDesk desk, string typed, CancellationToken stop)
    {
        var words = typed[1..].Split((char[])[' ', '\n'], 2, StringSplitOptions.TrimEntries);
        var command = All.FirstOrDefault(known => known.Name == words[0]);

        if (command is null)
        {
            var meant = Suggestion.For(words[0], All.Select(known => known.Name));
            var hint = meant is null ? "/help lists them." : $"Did you mean /{meant}?";
            throw new ProblemException(new Problem(
                "usage.unknown_command", $"There is no /{InertText.OneLine(words[0], 40)}. {hint}"));
        }

        Problem.ThrowUnless(
            command.IsAllowedMeanwhile || !desk.IsWorking, "session.busy",
            $"The agent works; Esc interrupts it, then /{command.Name}.");
        return command.RunAsync(desk, words.Length > 1 ? words[1] : "", stop);
    }
}
