namespace Reeve.Authority.Policy;

/// <summary>Simple commands: assignments, words and redirections.</summary>
internal sealed partial class ShellReader
{
    private readonly Queue<HereDocument> _hereDocuments = new();

    private void ReadSimpleCommand()
    {
        var start = _at;
        var words = new List<ShellWord>();
        var assignments = new List<string>();
        var redirects = new List<ShellRedirect>();

        while (true)
        {
            SkipBlanks();

            if (IsAtEnd || text[_at] == '\n' || (IsOperator(text[_at]) && !Starts("&>")))
            {
                break;
            }

            if (IsRedirection())
            {
                ReadRedirect(redirects);
            }
            else if (text[_at] == '(')
            {
                if (words.Count == 1 && assignments.Count == 0 && TakeEmptyParentheses())
                {
                    ReadFunctionBody();
                    return;
                }

                Doubt("it has a parenthesis where none belongs");
                _at++;
            }
            else if (words.Count == 0 && AssignmentLength() is var length and > 0)
            {
                assignments.Add(ReadAssignment(length));
            }
            else
            {
                TakeWord(words, redirects);
            }
        }

        AddCommand(words, assignments, redirects, start);
    }

    private void TakeWord(List<ShellWord> words, List<ShellRedirect> redirects)
    {
        var word = ReadWord();
        var isDescriptor = word is { IsLiteral: true, IsQuoted: false } && Peek(0) is '<' or '>' && Peek(1) != '('
            && word.Text.Length > 0 && !word.Text.AsSpan().ContainsAnyExceptInRange('0', '9');

        if (isDescriptor)
        {
            ReadRedirect(redirects);
            return;
        }

        if (word is { IsLiteral: true, IsQuoted: false } && IsHistory(word.Text))
        {
            Doubt("it takes words from the history");
        }

        var expanded = ExpandBraces(word);

        // A program that only an expansion names may be any.
        if (words.Count == 0 && word.Has(ShellPieceKind.Brace) && expanded is [var first, ..]
            && (expanded.Count > 1 || word.Text != "{}"))
        {
            words.Add(first with { IsLiteral = false });
            words.AddRange(expanded.Skip(1));
            return;
        }

        words.AddRange(expanded);
    }

    private static bool IsHistory(string word) =>
        word.Length > 1 && word[0] == '!' && (word[1] is '!' or '$' or '*' or '^' or '-' or ':' or '?' or '#'
            || char.IsAsciiDigit(word[1]));

    private bool TakeEmptyParentheses()
    {
        var end = _at + 1;

        while (end < text.Length && text[end] is ' ' or '\t')
        {
            end++;
        }

        if (end >= text.Length || text[end] != ')')
        {
            return false;
        }

        _at = end + 1;
        return true;
    }

    // NAME= or NAME+= at this place, without any quoting; the length up to and with the sign.
    private int AssignmentLength()
    {
        var end = _at;

        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        if (!ShellBuiltins.IsName(text.AsSpan(_at, end - _at)))
        {
            return 0;
        }

        if (end < text.Length && text[end] == '[' && IsElement(end))
        {
            Doubt("it sets an element of an array");
            return 0;
        }

        end += end + 1 < text.Length && text[end] == '+' && text[end + 1] == '=' ? 1 : 0;

        return end < text.Length && text[end] == '=' ? end + 1 - _at : 0;
    }

    private bool IsElement(int open)
    {
        var close = text.IndexOf(']', open);

        return close >= 0 && close + 1 < text.Length && text[close + 1] is '=' or '+';
    }

    private string ReadAssignment(int length)
    {
        var name = text.AsSpan(_at, length).TrimEnd("+=").ToString();
        var isAppended = text[_at + length - 2] == '+';
        _at += length;

        if (Peek(0) == '(')
        {
            ReadArray();
            found.Variables.SetUnknown(name);
            return name;
        }

        var value = ReadWord();

        if (isAppended || value.Has(ShellPieceKind.Brace))
        {
            found.Variables.SetUnknown(name);
        }
        else
        {
            found.Variables.Set(name, value);
        }

        return name;
    }

    private void ReadArray()
    {
        _at++;

        while (true)
        {
            SkipSpace();

            if (IsAtEnd)
            {
                Doubt("an array of it is not closed");
                return;
            }

            if (text[_at] == ')')
            {
                _at++;
                return;
            }

            if (IsOperator(text[_at]) || text[_at] is '(' || IsRedirection())
            {
                Doubt("an array of it cannot be read");
                _at++;
            }
            else
            {
                var word = ReadWord();

                if (word.Text.StartsWith('['))
                {
                    Doubt("it sets an element of an array");
                }
            }
        }
    }

    private void ReadNestedUntilParenthesis()
    {
        if (depth >= ShellGrammar.DepthMax)
        {
            Doubt("it is nested too deeply");
            _at = text.Length;
            return;
        }

        var inner = new ShellReader(text, found, depth + 1) { _at = _at + 1 };
        inner.ReadList(')');
        inner.EndHereDocuments();
        _at = inner._at;
    }
}
