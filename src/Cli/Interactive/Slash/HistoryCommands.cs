using System.Globalization;
using System.Text;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>Other runs and other points of this one.</summary>
internal static class HistoryCommands
{
    private const int RunsShownMax = 10, ExportLengthMax = 64 * 1024 * 1024;

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

    /// <summary>Without a number the points of the whole session are listed; with one the session goes back
    /// there.</summary>
    public static async Task RewindAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var points = await PointsAsync(desk, stop);

        if (arguments.Length == 0)
        {
            for (var index = 0; index < points.Count; index++)
            {
                var kind = points[index].Point.Kind switch
                {
                    RewindPointKind.Prompt => "you",
                    RewindPointKind.Answer => "agent",
                    _ => points[index].Point.HasChangedFiles ? "files" : "calls",
                };
                desk.Terminal.Out(
                    new Piece($"{index + 1,4}", Style.Bold), new Piece($"  {kind,-6} ", Style.Dim),
                    InertText.OneLine(points[index].Point.Sentence, 100));
            }

            desk.Terminal.Error(new Piece("  /rewind N goes back there, files and conversation", Style.Dim));
            return;
        }

        Problem.ThrowUnless(
            int.TryParse(arguments, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= points.Count,
            "usage.invalid_value", $"/rewind takes a number of 1 to {points.Count}; without one it lists them.");
        var (run, point) = points[number - 1];
        var at = point.At.ToString(CultureInfo.InvariantCulture);

        if (await desk.VerbAsync("rewind", run, $"--at {at}") == (int)ExitCode.Ok)
        {
            desk.Conversation.Take(desk.World.Trail.Run!.Value);
        }
    }

    public static async Task ForkAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        desk.Conversation.HeadOrRefuse();
        desk.Conversation.ForksNext = true;

        if (arguments.Length > 0)
        {
            desk.Next = await desk.Conversation.SubmitAsync(arguments, stop);
            return;
        }

        desk.Terminal.Out("What you say next begins a session of its own; this one stays as it is.");
    }

    public static async Task ExportAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var head = desk.Conversation.HeadOrRefuse();
        var name = arguments.Length > 0
            ? arguments : $"reeve-{head.Run.ToString()[..RunWords.ShortIdLength]}.jsonl";
        var text = new StringBuilder();

        await foreach (var item in desk.Conversation.Host.ExportSessionAsync(head, stop))
        {
            text.Append(JsonSerializer.Serialize(ExportDocument.Of(item), Documents.Default.ExportDocument))
                .Append('\n');
            Problem.ThrowUnless(
                text.Length <= ExportLengthMax, "session.too_large",
                "This session is too large to be written from here: reeve sessions export > FILE");
        }

        desk.World.Tools.WriteNew(name, desk.Conversation.Workspace, text.ToString());
        desk.Terminal.Out($"✓ written to {InertText.OneLine(name, 300)}");
    }

    private static async Task<List<(RunKey Run, RewindPoint Point)>> PointsAsync(
        SessionDesk desk, CancellationToken stop)
    {
        var host = desk.Conversation.Host;
        var points = new List<(RunKey, RewindPoint)>();

        foreach (var line in await host.RunsOfSessionAsync(desk.Conversation.HeadOrRefuse(), stop))
        {
            points.AddRange((await host.RewindPointsAsync(line.Run, stop)).Select(point => (line.Run, point)));
        }

        return points;
    }
}
