using Reeve.Cli.Screen;
using Reeve.Kernel.Views;

namespace Reeve.Cli.Output;

/// <summary>Shows differences: line by line with colours, or counted.</summary>
internal static class DiffText
{
    public static void Write(Change change, LineWriter line)
    {
        var note = (change.IsRefused ? "  (never applied)" : "")
            + (change.IsIgnored ? "  (ignored by .gitignore)" : "");

        if (change.UnifiedDiff.Length == 0)
        {
            line([new Piece($"{Word(change.Kind)} {InertText.OneLine(change.Path, 1_000)}{note}", Style.Bold)]);
            return;
        }

        if (note.Length > 0)
        {
            line([new Piece($"{InertText.OneLine(change.Path, 1_000)}{note}", Style.Warning)]);
        }

        foreach (var text in change.UnifiedDiff.TrimEnd('\n').Split('\n'))
        {
            line([new Piece(text, StyleOf(text))]);
        }
    }

    public static void WriteCount(Change change, LineWriter line) => line(
    [
        $"{Word(change.Kind),-12} {InertText.OneLine(change.Path, 1_000)}  ",
        new Piece($"+{change.LinesAdded} ", Style.Good),
        new Piece($"-{change.LinesRemoved}", Style.Bad),
        new Piece((change.IsRefused ? "  never applied" : "") + (change.IsIgnored ? "  ignored" : ""), Style.Warning),
    ]);

    public static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "added",
        ChangeKind.Deleted => "deleted",
        ChangeKind.ModeChanged => "mode",
        ChangeKind.TypeChanged => "type",
        _ => "modified",
    };

    private static Style StyleOf(string line) => line switch
    {
        ['+', '+', '+', ..] or ['-', '-', '-', ..] => Style.Bold,
        ['+', ..] => Style.Good,
        ['-', ..] => Style.Bad,
        ['@', ..] => Style.Accent,
        _ => Style.Plain,
    };
}
