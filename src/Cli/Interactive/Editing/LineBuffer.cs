using System.Globalization;
using System.Text;

namespace Reeve.Cli.Interactive.Editing;

/// <summary>A text and a place in it. Moves and deletions go by what a person sees as one character (UAX
/// #29).</summary>
internal sealed class LineBuffer
{
    /// <summary>More than a goal may have is not typed or pasted.</summary>
    public const int LengthMax = 200_000;

    private readonly StringBuilder _text = new();
    private string _killed = "";

    public string Text => _text.ToString();

    public int Length => _text.Length;

    public int Cursor { get; private set; }

    public bool IsEmpty => _text.Length == 0;

    public void Set(string text)
    {
        _text.Clear().Append(text, 0, Math.Min(text.Length, LengthMax));
        Cursor = _text.Length;
    }

    /// <returns>False when there was no room for all of it, and nothing was put in.</returns>
    public bool Insert(string text)
    {
        if (_text.Length + text.Length > LengthMax)
        {
            return false;
        }

        _text.Insert(Cursor, text);
        Cursor += text.Length;
        return true;
    }

    /// <summary>Puts a text in the place of what is between a position and the cursor.</summary>
    public void ReplaceBefore(int from, string text)
    {
        _text.Remove(from, Cursor - from);
        Cursor = from;
        Insert(text);
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = LineStart(Cursor);

    public void End() => Cursor = LineEnd(Cursor);

    public void WordLeft() => Cursor = WordBefore(Cursor);

    public void WordRight()
    {
        var at = Cursor;

        while (at < _text.Length && !char.IsLetterOrDigit(_text[at]))
        {
            at++;
        }

        while (at < _text.Length && char.IsLetterOrDigit(_text[at]))
        {
            at++;
        }

        Cursor = at;
    }

    /// <returns>False on the first line already.</returns>
    public bool LineUp()
    {
        var start = LineStart(Cursor);

        if (start == 0)
        {
            return false;
        }

        var column = Cursor - start;
        var above = LineStart(start - 1);
        Cursor = Whole(Math.Min(above + column, start - 1));
        return true;
    }

    /// <returns>False on the last line already.</returns>
    public bool LineDown()
    {
        var end = LineEnd(Cursor);

        if (end == _text.Length)
        {
            return false;
        }

        var column = Cursor - LineStart(Cursor);
        Cursor = Whole(Math.Min(end + 1 + column, LineEnd(end + 1)));
        return true;
    }

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void KillToEnd()
    {
        var end = LineEnd(Cursor);
        Kill(Cursor, end == Cursor ? Math.Min(end + 1, _text.Length) : end);
    }

    public void KillToStart() => Kill(LineStart(Cursor), Cursor);

    public void KillWord() => Kill(WordStart(Cursor), Cursor);

    public void Yank() => Insert(_killed);

    private void Kill(int from, int through)
    {
        if (through > from)
        {
            _killed = _text.ToString(from, through - from);
            Remove(from, through);
        }
    }

    private void Remove(int from, int through)
    {
        _text.Remove(from, through - from);
        Cursor = from;
    }

    private int LineStart(int at)
    {
        while (at > 0 && _text[at - 1] != '\n')
        {
            at--;
        }

        return at;
    }

    private int LineEnd(int at)
    {
        while (at < _text.Length && _text[at] != '\n')
        {
            at++;
        }

        return at;
    }

    private int After(int at) =>
        at >= _text.Length ? at : at + StringInfo.GetNextTextElementLength(Line(at).AsSpan(at - LineStart(at)));

    private int Before(int at)
    {
        if (at == 0 || _text[at - 1] == '\n')
        {
            return Math.Max(0, at - 1);
        }

        var start = LineStart(at);
        var line = Line(at);
        var place = 0;

        // Ends: every text element has at least one character.
        while (true)
        {
            var next = place + StringInfo.GetNextTextElementLength(line.AsSpan(place));

            if (start + next >= at)
            {
                return start + place;
            }

            place = next;
        }
    }

    /// <summary>The line a position is on, with its newline.</summary>
    private string Line(int at)
    {
        var start = LineStart(at);
        var end = LineEnd(at);
        return _text.ToString(start, Math.Min(end + 1, _text.Length) - start);
    }

    // Up and down may come to stand inside a character of several code units.
    private int Whole(int at) => at == 0 || at == _text.Length ? at : After(Before(at)) > at ? Before(at) : at;

    // Words of a shell are between spaces, and Ctrl-W takes such a one.
    private int WordStart(int at)
    {
        while (at > 0 && char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordBefore(int at)
    {
        while (at > 0 && !char.IsLetterOrDigit(_text[at - 1]))
        {
            at--;
        }

        while (at > 0 && char.IsLetterOrDigit(_text[at - 1]))
        {
            at--;
        }

        return at;
    }
}
