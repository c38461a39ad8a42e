using System.Globalization;
using System.Text;
using Reeve.Cli.Interactive.Editing;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Interactive.Display;

/// <summary>An edited text laid out in rows of cells, with the place of the cursor.</summary>
/// <remarks>What cannot be shown as it is is shown as what it is: each character is made inert by itself.</remarks>
internal sealed record PromptRows(IReadOnlyList<string> Rows, int CursorRow, int CursorColumn)
{
    /// <param name="prefix">Before the first row; the others are indented as far.</param>
    /// <param name="columns">Cells of a row; the last one of the terminal stays free.</param>
    /// <param name="rowsMax">Of a longer text the rows around the cursor are shown.</param>
    public static PromptRows Of(string prefix, string text, int cursor, int columns, int rowsMax)
    {
        var shown = InertText.OneLine(prefix, Math.Max(2, columns - 8));
        var indent = Math.Min(CellWidth.Of(shown), columns / 2);
        var rows = new List<string>();
        var row = new StringBuilder(shown);
        var cells = CellWidth.Of(shown);
        var (cursorRow, cursorColumn) = (0, cells);

        for (var at = 0; at <= text.Length;)
        {
            if (at == cursor)
            {
                (cursorRow, cursorColumn) = (rows.Count, cells);
            }

            if (at == text.Length)
            {
                break;
            }

            if (text[at] == '\n')
            {
                Break();
                at++;
                continue;
            }

            var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
            var inert = InertText.Of(text.Substring(at, length));
            var width = CellWidth.Of(inert);

            if (cells + width > columns && cells > indent)
            {
                Break();

                if (at == cursor)
                {
                    (cursorRow, cursorColumn) = (rows.Count, cells);
                }
            }

            row.Append(inert);
            cells += width;
            at += length;
        }

        rows.Add(row.ToString());
        return Window(rows, cursorRow, Math.Min(cursorColumn, columns), Math.Max(1, rowsMax));

        void Break()
        {
            rows.Add(row.ToString());
            row.Clear().Append(' ', indent);
            cells = indent;
        }
    }

    private static PromptRows Window(List<string> rows, int cursorRow, int cursorColumn, int rowsMax)
    {
        if (rows.Count <= rowsMax)
        {
            return new PromptRows(rows, cursorRow, cursorColumn);
        }

        var first = Math.Clamp(cursorRow - rowsMax + 1, 0, rows.Count - rowsMax);
        return new PromptRows(rows.GetRange(first, rowsMax), cursorRow - first, cursorColumn);
    }
}
