using Reeve.Cli.Screen;
using Reeve.Tools;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>Help, tools, doctor, and the way out.</summary>
internal static class AskingCommands
{
    private static readonly (string Keys, string Meaning)[] s_keys =
    [
        ("@path", "puts a file of the folder into the prompt; Tab completes it"),
        ("!command", "runs a command in the sandbox, over a copy of what the session has"),
        ("Esc", "interrupts what runs"),
        ("Alt-Enter, \\ Enter", "a new line"),
        ("Ctrl-R, Up", "what was entered before"),
        ("Ctrl-C twice, Ctrl-D", "leaves"),
    ];

    public static Task HelpAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        foreach (var command in SlashTable.All)
        {
            desk.Terminal.Out(
                new Piece($"/{command.Name} {command.Arguments}".PadRight(28), Style.Bold), command.Purpose);
        }

        foreach (var (keys, meaning) in s_keys)
        {
            desk.Terminal.Out(new Piece(keys.PadRight(28), Style.Accent), meaning);
        }

        return Task.CompletedTask;
    }

    public static Task ToolsAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        foreach (var tool in BuiltInTools.All)
        {
            var summary = tool.Spec.Summary.Split('\n')[0];
            desk.Terminal.Out(new Piece(tool.Spec.Name.PadRight(12), Style.Bold), InertText.OneLine(summary, 100));
        }

        return Task.CompletedTask;
    }

    public static async Task DoctorAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        await desk.VerbAsync("doctor");

    public static Task QuitAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        desk.IsLeaving = true;
        return Task.CompletedTask;
    }
}
