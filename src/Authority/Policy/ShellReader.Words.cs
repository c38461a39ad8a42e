using System.Text;

namespace Reeve.Authority.Policy;

/// <summary>How one word is read: quotes, backslashes, expansions and substitutions.</summary>
internal sealed partial class ShellReader
{
    private void ReadWordPart(char next)
    {
        _hasWord = true;

        switch (next)
        {
            case '\\':
                ReadBackslash();
                break;
            case '\'':
                ReadSingleQuoted();
                break;
            case '"':
                ReadDoubleQuoted();
                break;
            case '$':
                ReadDollar();
                break;
            case '`':
                ReadBackticks();
                break;
            default:
                // The shell would still replace these by names of files or by lists.
                _isLiteral &= next is not ('*' or '?' or '[' or '{' or '~');
                _word.Append(next);
                _at++;
                break;
        }
    }

    private void ReadBackslash()
    {
        _isQuoted = true;

        if (Peek(1) == '\n')
        {
            _hasWord = _word.Length > 0;
        }
        else if (_at + 1 < text.Length)
        {
            _word.Append(text[_at + 1]);
        }

        _at = Math.Min(_at + 2, text.Length);
    }

    private void ReadSingleQuoted()
    {
        _isQuoted = true;
        var end = text.IndexOf('\'', _at + 1);
        _isUnderstood &= end >= 0;
        var stop = end >= 0 ? end : text.Length;
        _word.Append(text, _at + 1, stop - _at - 1);
        _at = Math.Min(stop + 1, text.Length);
    }

    private void ReadDoubleQuoted()
    {
        _isQuoted = true;
        _at++;

        while (_at < text.Length && text[_at] != '"')
        {
            switch (text[_at])
            {
                case '\\' when Peek(1) is '$' or '`' or '"' or '\\':
                    _word.Append(text[_at + 1]);
                    _at += 2;
                    break;
                case '$':
                    ReadDollar();
                    break;
                case '`':
                    ReadBackticks();
                    break;
                default:
                    _word.Append(text[_at++]);
                    break;
            }
        }

        _isUnderstood &= _at < text.Length;
        _at = Math.Min(_at + 1, text.Length);
    }

    private void ReadDollar()
    {
        switch (Peek(1))
        {
            case '(':
                _at++;
                ReadSubstitution();
                break;
            case '{':
                ReadParameter();
                break;
            case '\'' or '"':
                GiveUp();
                break;
            default:
                // A lone dollar is itself; before a name or a sign it is an expansion.
                _isLiteral &= !char.IsAsciiLetterOrDigit(Peek(1))
                    && !"_@*#?-$!".Contains(Peek(1), StringComparison.Ordinal);
                _word.Append('$');
                _at++;
                break;
        }
    }

    private void ReadParameter()
    {
        var end = text.IndexOf('}', _at);
        var stop = end >= 0 ? end + 1 : text.Length;
        var inside = text.AsSpan(_at + 2, Math.Max(0, stop - _at - 2));
        _isLiteral = false;
        _isUnderstood &= end >= 0 && inside.IndexOfAny("$`\\\"'({") < 0;
        _word.Append(text, _at, stop - _at);
        _at = stop;
    }

    private void ReadBackticks()
    {
        _isLiteral = false;
        _at++;
        var inner = new StringBuilder();

        while (_at < text.Length && text[_at] != '`')
        {
            _at += text[_at] == '\\' && Peek(1) is '`' or '\\' or '$' ? 1 : 0;
            inner.Append(text[_at++]);
        }

        _isUnderstood &= _at < text.Length && ReadNested(inner.ToString());
        _at = Math.Min(_at + 1, text.Length);
        _word.Append("``");
    }

    private bool ReadNested(string inner) =>
        depth < ShellGrammar.DepthMax && new ShellReader(inner, found, depth + 1).ReadAll();
}
