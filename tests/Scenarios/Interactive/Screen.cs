using System.Text;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>A terminal as a person sees it: a grid, a cursor, and what scrolled away above (ECMA-48, as far as the
/// product uses it). What it does not know is kept in <see cref="Strange"/>.</summary>
internal sealed class Screen(int columns, int rows)
{
    private readonly List<string> _gone = [];
    private readonly StringBuilder _sequence = new();
    private string[][] _cells = Blank(columns, rows);
    private int _row, _column;
    private bool _wraps;

    public List<string> Strange { get; } = [];

    /// <summary>Whether marks around a paste were asked for, and not given back.</summary>
    public bool MarksPastes { get; private set; }

    public bool ShowsCursor { get; private set; } = true;

    public (int Row, int Column) Cursor => (_row, _column);

    public string Text => string.Join('\n', _gone.Concat(Lines));

    /// <summary>What is to be seen now, without what scrolled away.</summary>
    public IReadOnlyList<string> Lines => [.. _cells.Select(LineOf)];

    public void Write(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (_sequence.Length > 0 || rune.Value == 0x1B)
            {
                _sequence.Append(rune);
                TrySequence();
            }
            else
            {
                Put(rune);
            }
        }
    }

    private static string[][] Blank(int columns, int rows) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Repeat(" ", columns).ToArray())];

    private static string LineOf(string[] row) => string.Concat(row).TrimEnd();

    private void Put(Rune rune)
    {
        switch (rune.Value)
        {
            case '\r':
                (_column, _wraps) = (0, false);
                break;
            case '\n':
                Feed();
                break;
            case < 0x20 or 0x7F or (>= 0x80 and < 0xA0):
                Strange.Add($"control {rune.Value:x2}");
                break;
            default:
                PutVisible(rune);
                break;
        }
    }

    private void PutVisible(Rune rune)
    {
        var width = Reeve.Cli.Interactive.Editing.CellWidth.Of(rune);

        if (width == 0)
        {
            _cells[_row][Math.Max(0, _column - 1)] += rune;
            return;
        }

        if (_wraps || _column + width > columns)
        {
            _column = 0;
            Feed();
        }

        _wraps = false;
        _cells[_row][_column] = rune.ToString();

        if (width == 2)
        {
            _cells[_row][_column + 1] = "";
        }

        _column += width;

        if (_column >= columns)
        {
            (_column, _wraps) = (columns - 1, true);
        }
    }

    private void Feed()
    {
        _wraps = false;

        if (_row < rows - 1)
        {
            _row++;
            return;
        }

        _gone.Add(LineOf(_cells[0]));
        _cells = [.. _cells[1..], Blank(columns, 1)[0]];
    }

    private void TrySequence()
    {
        var text = _sequence.ToString();

        if (text.Length == 1 || (text[1] == '[' && (text.Length == 2 || text[^1] is < '@' or > '~')))
        {
            return;
        }

        _sequence.Clear();

        if (text[1] != '[')
        {
            Strange.Add(text);
            return;
        }

        Act(text[2..^1], text[^1]);
    }

    private void Act(string parameters, char final)
    {
        var count = int.TryParse(parameters, out var number) ? number : 1;
        _wraps = false;

        switch (final, parameters)
        {
            case ('A', _): _row = Math.Max(0, _row - count); break;
            case ('B', _): _row = Math.Min(rows - 1, _row + count); break;
            case ('C', _): _column = Math.Min(columns - 1, _column + count); break;
            case ('H', ""): (_row, _column) = (0, 0); break;
            case ('J', "" or "2"): Erase(parameters.Length > 0 ? 0 : _row, parameters.Length > 0 ? 0 : _column); break;
            case ('K', _): Array.Fill(_cells[_row], " "); break;
            case ('m', _): break;
            case ('h' or 'l', "?2004"): MarksPastes = final == 'h'; break;
            case ('h' or 'l', "?25"): ShowsCursor = final == 'h'; break;
            default: Strange.Add($"[{parameters}{final}"); break;
        }
    }

    private void Erase(int row, int column)
    {
        Array.Fill(_cells[row], " ", column, columns - column);

        for (var below = row + 1; below < rows; below++)
        {
            Array.Fill(_cells[below], " ");
        }
    }
}
