using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive.Turns;

/// <summary>Says in a few lines how a turn ended, and what can be done with what it changed.</summary>
internal static class TurnSummary
{
    public static void Write(RunReport report, Terminal terminal)
    {
        var (mark, style) = RunWords.MarkOf(report.Status);
        var reason = report.Reason.Length > 0 && report.Reason != report.Status.Word() ? $" ({report.Reason})" : "";
        terminal.Error(
            new Piece($"{mark} {report.Status.Word().Replace('_', ' ')}", style), new Piece(reason, Style.Dim),
            new Piece($"  {RunWords.Bill(report.Bill)}", Style.Dim));

        if (report.Problem.Length > 0)
        {
            terminal.Error(new Piece($"  {report.Problem}", Style.Bad));
        }

        if (!report.Status.IsFinal())
        {
            terminal.Error(new Piece("  say how to go on, or /apply what there is", Style.Dim));
            return;
        }

        foreach (var change in report.Changes.Where(change => !change.IsApplied).Take(RunSummary.ChangesShownMax))
        {
            terminal.Error(
                $"  {InertText.OneLine(change.Path, 400)}  ", new Piece($"+{change.LinesAdded} ", Style.Good),
                new Piece($"-{change.LinesRemoved}", Style.Bad),
                new Piece(change.IsRefused ? "  never applied" : "", Style.Warning));
        }

        if (report.Changes.Any(change => !change.IsApplied))
        {
            terminal.Error(new Piece($"  {RunWords.Proof(report)} · /diff · /apply · /rewind", Style.Dim));
        }
    }
}
