namespace Reeve.Cli.Interactive.Slash;

/// <summary>What can be done with the changes of a session; the verbs of the command line do it.</summary>
internal static class ChangeCommands
{
    public static async Task DiffAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        await desk.VerbAsync("diff", desk.Conversation.HeadOrRefuse(), arguments);

    public static async Task ApplyAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        await desk.VerbAsync("apply", await desk.EndedHeadAsync(stop), arguments);

    public static async Task UndoAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        await desk.VerbAsync("undo", await desk.EndedHeadAsync(stop), arguments);
}
