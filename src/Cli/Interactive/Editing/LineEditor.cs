using Reeve.Cli.Interactive.Keys;

namespace Reeve.Cli.Interactive.Editing;

/// <summary>What a key came to, for whoever owns the session; most only change the text.</summary>
internal enum EditOutcome
{
    Changed = 0,

    /// <summary>The text was entered; <see cref="LineEditor.Entered"/> has it.</summary>
    Submitted,
    Escape,
    Interrupt,
    EndOfInput,
    Suspend,
    Redraw,
}

/// <summary>Edits one text by keys. Pure: it neither reads a terminal nor writes to one.</summary>
/// <remarks>A paste never submits, whatever is in it. Text is bounded by <see cref="LineBuffer.LengthMax"/>.</remarks>
internal sealed class LineEditor(History history, ICompleter completer)
{
    private readonly LineBuffer _buffer = new();
    private string _draft = "";
    private int _place = history.Count;
    private string? _query;

    public string Text => _buffer.Text;

    public int Cursor => _buffer.Cursor;

    public string Entered { get; private set; } = "";

    /// <summary>What is searched for in the history; null outside a search.</summary>
    public string? Query => _query;

    /// <summary>Said below the text until the next key; empty where nothing is.</summary>
    public string Hint { get; private set; } = "";

    /// <summary>Answers to questions are not remembered and not completed.</summary>
    public bool IsAnswering { get; set; }

    public EditOutcome Handle(Key key)
    {
        Hint = "";

        if (_query is not null && HandleSearch(key))
        {
            return EditOutcome.Changed;
        }

        switch (key.Kind)
        {
            case KeyKind.Text or KeyKind.Paste:
                Insert(key.Text);
                return EditOutcome.Changed;
            case KeyKind.Enter:
                return Enter();
            case KeyKind.NewLine:
                Insert("\n");
                return EditOutcome.Changed;
            case KeyKind.Tab:
                Complete();
                return EditOutcome.Changed;
            case KeyKind.Escape:
                return EditOutcome.Escape;
            case KeyKind.Control:
                return Control(key.Text[0]);
            default:
                Move(key.Kind);
                return EditOutcome.Changed;
        }
    }

    public void Clear()
    {
        _buffer.Set("");
        _query = null;
        _place = history.Count;
    }

    public void Set(string text) => _buffer.Set(text);

    private void Insert(string text)
    {
        // A tab would move the cursor where nobody counts it; the other controls are shown as their pictures.
        if (!_buffer.Insert(text.Replace("\t", "    ", StringComparison.Ordinal)))
        {
            Hint = $"At most {LineBuffer.LengthMax} characters; put the rest into a file and name it with @.";
        }
    }

    private EditOutcome Enter()
    {
        if (!IsAnswering && _buffer.Cursor == _buffer.Length && _buffer.Text.EndsWith('\\'))
        {
            _buffer.ReplaceBefore(_buffer.Cursor - 1, "\n");
            return EditOutcome.Changed;
        }

        Entered = _buffer.Text;

        if (!IsAnswering)
        {
            history.Add(Entered);
        }

        Clear();
        return EditOutcome.Submitted;
    }

    private EditOutcome Control(char letter)
    {
        switch (letter)
        {
            case 'A': _buffer.Home(); break;
            case 'B': _buffer.Left(); break;
            case 'C': return EditOutcome.Interrupt;
            case 'D' when _buffer.IsEmpty: return EditOutcome.EndOfInput;
            case 'D': _buffer.Delete(); break;
            case 'E': _buffer.End(); break;
            case 'F': _buffer.Right(); break;
            case 'K': _buffer.KillToEnd(); break;
            case 'L': return EditOutcome.Redraw;
            case 'N': Move(KeyKind.Down); break;
            case 'P': Move(KeyKind.Up); break;
            case 'R' when !IsAnswering: BeginSearch(); break;
            case 'U': _buffer.KillToStart(); break;
            case 'W': _buffer.KillWord(); break;
            case 'Y': _buffer.Yank(); break;
            case 'Z': return EditOutcome.Suspend;
            default: break;
        }

        return EditOutcome.Changed;
    }

    private void Move(KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.Left: _buffer.Left(); break;
            case KeyKind.Right: _buffer.Right(); break;
            case KeyKind.Home: _buffer.Home(); break;
            case KeyKind.End: _buffer.End(); break;
            case KeyKind.WordLeft: _buffer.WordLeft(); break;
            case KeyKind.WordRight: _buffer.WordRight(); break;
            case KeyKind.Backspace: _buffer.Backspace(); break;
            case KeyKind.Delete: _buffer.Delete(); break;
            case KeyKind.Up when !_buffer.LineUp(): Recall(_place - 1); break;
            case KeyKind.Down when !_buffer.LineDown(): Recall(_place + 1); break;
            default: break;
        }
    }

    private void Recall(int place)
    {
        if (IsAnswering || place < 0 || place > history.Count)
        {
            return;
        }

        if (_place == history.Count)
        {
            _draft = _buffer.Text;
        }

        _place = place;
        _buffer.Set(place == history.Count ? _draft : history[place]);
    }

    private void BeginSearch()
    {
        _query = "";
        _draft = _buffer.Text;
        _place = history.Count;
    }

    /// <returns>False where the key ends the search and has a meaning of its own.</returns>
    private bool HandleSearch(Key key)
    {
        switch (key)
        {
            case { Kind: KeyKind.Text }:
                _query += key.Text;
                return Show(history.Find(_query!, history.Count));
            case { Kind: KeyKind.Backspace }:
                _query = _query!.Length > 0 ? _query[..^1] : "";
                return Show(history.Find(_query, history.Count));
            case { Kind: KeyKind.Control, Text: "R" }:
                return Show(history.Find(_query!, _place));
            case { Kind: KeyKind.Escape } or { Kind: KeyKind.Control, Text: "C" or "G" }:
                _query = null;
                _buffer.Set(_draft);
                _place = history.Count;
                return true;
            case { Kind: KeyKind.Enter }:
                _query = null;
                return true;
            default:
                _query = null;
                return false;
        }
    }

    private bool Show(int found)
    {
        if (found >= 0)
        {
            _place = found;
            _buffer.Set(history[found]);
        }
        else
        {
            Hint = "nothing found";
        }

        return true;
    }

    private void Complete()
    {
        if (IsAnswering)
        {
            return;
        }

        var completion = completer.Complete(_buffer.Text[.._buffer.Cursor]);

        if (completion.Candidates.Count == 0)
        {
            Hint = "nothing begins like this";
            return;
        }

        var isWhole = completion.Candidates.Count == 1;
        var text = isWhole ? completion.Candidates[0] : completion.Common;

        if (text.Length >= _buffer.Cursor - completion.From)
        {
            var space = isWhole && !text.EndsWith('/') ? " " : "";
            _buffer.ReplaceBefore(completion.From, text + space);
        }

        Hint = isWhole ? "" : string.Join("  ", completion.Candidates);
    }
}
