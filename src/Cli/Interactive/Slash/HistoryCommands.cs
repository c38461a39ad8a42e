using System.Text;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>Other runs and other points of this one.</summary>
internal static class HistoryCommands
{
    public const int RunsShownMax = 10;

    public static async Task ResumeAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var conversation = desk.Conversation;

        if (arguments.Length == 0)
        {
            var runs = await conversation.Host.ListAsync(conversation.Workspace, RunsShownMax, stop);

            foreach (var line in runs)
            {
                desk.Terminal.Out(
                    new Piece($"{line.Run.Run.ToString()[..RunWords.ShortIdLength]}  ", Style.Bold),
                    new Piece($"{line.Status,-10} ", Style.Dim), InertText.OneLine(line.Goal, 100));
            }

            desk.Terminal.Error(new Piece(
                runs.Count > 0 ? "  /resume RUN takes one up" : "  no run of this folder yet", Style.Dim));
            return;
        }

        var run = await conversation.Host.FindAsync(arguments, conversation.Workspace, stop);
        var report = await conversation.Host.ReportAsync(run, stop);
        conversation.Take(run);
        desk.Terminal.Out(new Piece("› ", Style.Accent), InertText.OneLine(report.Goal, 300));

        if (!report.Status.IsFinal())
        {
            desk.Next = run;
            return;
        }

        desk.Terminal.Out(InertText.OneLine(report.Result, 1_000));
        desk.Terminal.Error(new Piece("  what you say next goes on from here", Style.Dim));
    }

    public static Task RewindAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        throw new ProblemException(new Problem("session.unavailable", "Not available."));

    public static Task ForkAsync(SessionDesk desk, string arguments, CancellationToken stop) =>
        throw new ProblemException(new Problem("session.unavailable", "Not available."));

    public static async Task ExportAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var head = desk.Conversation.HeadOrRefuse();
        var name = arguments.Length > 0
            ? arguments : $"reeve-{head.Run.ToString()[..RunWords.ShortIdLength]}.jsonl";
        var text = new StringBuilder();

        await foreach (var shown in desk.Conversation.Host.EntriesAsync(head, 1, stop))
        {
            text.Append(EntryText.ToJson(shown.Entry, payload => shown.Texts.GetValueOrDefault(payload))).Append('\n');
        }

        desk.World.Tools.WriteNew(name, desk.Conversation.Workspace, text.ToString());
        desk.Terminal.Out($"✓ written to {InertText.OneLine(name, 300)}");
    }
}
