using Reeve.Cli.Screen;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Output;

/// <summary>Says where a run goes on from, on the side of progress.</summary>
internal static class ForkWords
{
    public static void Write(Terminal terminal, ForkReport report, string verb)
    {
        if (!report.IsNew)
        {
            terminal.Error(new Piece($"↪ told run {Short(report.Run)}, which was not finished", Style.Dim));
            return;
        }

        terminal.Error(new Piece(
            $"↪ {Short(report.Run)} {verb} {Short(report.Parent)} at entry {report.At}", Style.Dim));

        if (report.IsMoved)
        {
            terminal.Error(new Piece(
                $"  entry {report.AskedAt} lies in the middle of a step; {report.At} is the nearest good one",
                Style.Warning));
        }
    }

    /// <summary>An undo is another thing than a rewind, and is never done in passing.</summary>
    public static void WriteApplied(Terminal terminal, ForkReport report)
    {
        if (report.Applied is { } applied)
        {
            terminal.Error(new Piece(
                $"  changes of {Short(applied)} are in your files and stay there; "
                + $"`reeve undo {Short(applied)}` takes them back", Style.Warning));
        }
    }

    public static string Short(RunKey run) => run.Run.ToString()[..RunWords.ShortIdLength];
}
