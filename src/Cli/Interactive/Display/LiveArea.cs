using System.Text;
using Reeve.Cli.Interactive.Editing;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Interactive.Display;

/// <summary>Keeps the last rows of the terminal for what moves, and prints above them what stays.</summary>
/// <remarks>
/// Printed lines scroll away as those of any program and are never drawn again. The area below is erased and drawn
/// anew in one write. Its rows are cut to the width, so that their number is known; after the width changed, what the
/// terminal folded them into is counted. Text of rows is made inert here; what is printed was made inert by
/// <see cref="Terminal"/>.
/// </remarks>
internal sealed class LiveArea(TextWriter output, Func<(int Columns, int Rows)> size, bool hasColor)
{
    public const int PaneRowsMax = 4, HintLengthMax = 2_000;

    /// <summary>A line that was begun and is longer is broken.</summary>
    public const int LineLengthMax = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _partial = new();
    private IReadOnlyList<string> _pane = [];
    private PromptRows? _prompt;
    private string _status = "", _hint = "", _footer = "";
    private List<int> _drawnCells = [];
    private int _drawnCursor;
    private string _drawn = "";
    private bool _isAway;

    public (int Columns, int Rows) Size => size();

    /// <summary>Prints what is complete of it; the rest of a line waits for its end.</summary>
    public void Print(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            _partial.Append(text);

            if (_partial.Length > LineLengthMax)
            {
                _partial.Append('\n');
            }

            var last = text.Contains('\n') || _partial.Length > LineLengthMax
                ? _partial.ToString().LastIndexOf('\n') : -1;

            if (last >= 0)
            {
                var whole = _partial.ToString(0, last + 1);
                _partial.Remove(0, last + 1);
                Draw(whole);
            }
        }
    }

    /// <summary>Ends a line that was begun.</summary>
    public void EndLine()
    {
        lock (_lock)
        {
            if (_partial.Length > 0)
            {
                var rest = _partial.Append('\n').ToString();
                _partial.Clear();
                Draw(rest);
            }
        }
    }

    public void Status(string text)
    {
        lock (_lock)
        {
            _status = text;
            Draw("");
        }
    }

    /// <summary>The last lines of what a tool says while it works.</summary>
    public void Pane(IReadOnlyList<string> lines)
    {
        lock (_lock)
        {
            _pane = lines;
            Draw("");
        }
    }

    /// <param name="prompt">Null takes the whole area away, as at the end.</param>
    public void Prompt(PromptRows? prompt, string hint, string footer)
    {
        lock (_lock)
        {
            (_prompt, _hint, _footer) = (prompt, hint, footer);
            Draw("");
        }
    }

    /// <summary>Leaves the terminal to others until it is drawn anew.</summary>
    public void Withdraw()
    {
        lock (_lock)
        {
            _isAway = true;
            _drawn = "";
            Draw("");
        }
    }

    /// <summary>Draws anew where the terminal was cleared or used by others.</summary>
    public void Redraw(bool clears)
    {
        lock (_lock)
        {
            if (clears)
            {
                output.Write("\u001b[H\u001b[2J");
            }

            (_drawnCells, _drawnCursor, _drawn, _isAway) = ([], 0, "", false);
            Draw("");
        }
    }

    /// <summary>Draws for the width there is now.</summary>
    public void Resize()
    {
        lock (_lock)
        {
            _drawn = "";
            Draw("");
        }
    }

    private void Draw(string printed)
    {
        var columns = Math.Max(8, size().Columns - 1);
        var (rows, cursor) = Rows(columns);
        var area = string.Join('\n', rows.Select(row => row.Text));
        var place = rows.Count == 0 || _prompt is null ? "" : $"{area}\n{cursor},{_prompt.CursorColumn}";

        if (printed.Length == 0 && place == _drawn && rows.Count == _drawnCells.Count)
        {
            return;
        }

        var frame = new StringBuilder("\u001b[?25l");
        Erase(frame, columns + 1);
        frame.Append(printed).Append(area);

        if (rows.Count > 0)
        {
            var up = rows.Count - 1 - cursor;
            frame.Append('\r').Append(up > 0 ? $"\u001b[{up}A" : "");
            frame.Append(_prompt is { CursorColumn: > 0 and var column } ? $"\u001b[{column}C" : "");
        }

        output.Write(frame.Append("\u001b[?25h").ToString());
        output.Flush();
        (_drawnCells, _drawnCursor, _drawn) = ([.. rows.Select(row => row.Cells)], cursor, place);
    }

    /// <summary>To the first cell of the area as it is on the screen, and away with all below.</summary>
    private void Erase(StringBuilder frame, int columns)
    {
        if (_drawnCells.Count == 0)
        {
            return;
        }

        // A narrower terminal folded the rows that are longer than its lines.
        var up = _drawnCells.Take(_drawnCursor).Sum(cells => Math.Max(1, (cells + columns - 1) / columns));
        frame.Append('\r').Append(up > 0 ? $"\u001b[{up}A" : "").Append("\u001b[J");
    }

    private (List<(string Text, int Cells)> Rows, int Cursor) Rows(int columns)
    {
        var rows = new List<(string, int)>();

        if (_prompt is null || _isAway)
        {
            return (rows, 0);
        }

        foreach (var line in _pane.TakeLast(PaneRowsMax))
        {
            rows.Add(Row("  │ " + line, Style.Dim, columns));
        }

        if (_status.Length > 0)
        {
            rows.Add(Row(_status, Style.Dim, columns));
        }

        var cursor = rows.Count + _prompt.CursorRow;
        rows.AddRange(_prompt.Rows.Select(row => Row(row, Style.Plain, columns)));

        if (_hint.Length > 0)
        {
            rows.Add(Row(_hint, Style.Warning, columns));
        }

        if (_footer.Length > 0)
        {
            rows.Add(Row(_footer, Style.Dim, columns));
        }

        return (rows, cursor);
    }

    private (string Text, int Cells) Row(string text, Style style, int columns)
    {
        var inert = InertText.OneLine(text, HintLengthMax);
        var cells = 0;
        var length = 0;

        foreach (var rune in inert.EnumerateRunes())
        {
            var width = CellWidth.Of(rune);

            if (cells + width > columns)
            {
                break;
            }

            cells += width;
            length += rune.Utf16SequenceLength;
        }

        var code = hasColor ? Ansi.CodeOf(style) : "";
        return (code.Length > 0 ? code + inert[..length] + Ansi.Reset : inert[..length], cells);
    }
}
