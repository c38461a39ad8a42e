using System.Text;

namespace Reeve.Authority.Policy;

/// <summary>What begins with a dollar or a backtick: variables, substitutions and arithmetic.</summary>
internal sealed partial class ShellReader
{
    private void ReadDollar(WordBuilder word, bool isQuoted)
    {
        switch (Peek(1))
        {
            case '(':
                ReadSubstitution(word);
                break;
            case '{':
                ReadParameter(word, isQuoted);
                break;
            case '[':
                Doubt("it has arithmetic in brackets");
                word.Append('$');
                _at++;
                break;
            case '\'' when !isQuoted:
                ReadEscapedText(word);
                break;
            case '"' when !isQuoted:
                _at++;
                ReadDoubleQuoted(word);
                break;
            default:
                ReadVariable(word);
                break;
        }
    }

    private void ReadVariable(WordBuilder word)
    {
        var end = _at + 1;

        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;

            if (end == _at + 2 && char.IsAsciiDigit(text[_at + 1]))
            {
                break;
            }
        }

        if (end == _at + 1 && "@*#?$!-".Contains(Peek(1), StringComparison.Ordinal))
        {
            end++;
        }

        if (end == _at + 1)
        {
            word.Append('$');
        }
        else
        {
            var name = text[(_at + 1)..end];
            word.Append(ShellPieceKind.Variable, name, "$" + name);
        }

        _at = end;
    }

    private void ReadSubstitution(WordBuilder word)
    {
        if (Peek(2) == '(' && TryReadArithmetic(_at + 3))
        {
            word.Append(ShellPieceKind.Number, "", "$(())");
            return;
        }

        _at++;
        ReadNestedUntilParenthesis();
        word.Append(ShellPieceKind.Output, "", "$()");
    }

    private void ReadBackticks(WordBuilder word, bool isQuoted)
    {
        _at++;
        var inner = new StringBuilder();

        while (_at < text.Length && text[_at] != '`')
        {
            if (isQuoted && text[_at] == '\\' && Peek(1) == '"')
            {
                Doubt("it has an escaped quote between backticks");
            }

            _at += text[_at] == '\\' && (Peek(1) is '`' or '\\' or '$' || (isQuoted && Peek(1) == '"')) ? 1 : 0;
            inner.Append(text[_at++]);
        }

        if (_at >= text.Length)
        {
            Doubt("a backtick of it is not closed");
        }

        ReadNested(inner.ToString());
        _at = Math.Min(_at + 1, text.Length);
        word.Append(ShellPieceKind.Output, "", "$()");
    }

    // ${name}, ${#name} and the operators that take a word.
    private void ReadParameter(WordBuilder word, bool isQuoted)
    {
        var start = _at;
        _at += 2;
        var isLength = Peek(0) == '#' && Peek(1) != '}';
        _at += isLength ? 1 : 0;
        var nameStart = _at;

        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) == '_')
        {
            _at++;
        }

        if (_at == nameStart && "@*#?$-".Contains(Peek(0), StringComparison.Ordinal) && _at < text.Length)
        {
            _at++;
        }

        var name = text[nameStart..Math.Min(_at, text.Length)];
        var isPlain = ReadIndex() && Peek(0) == '}';

        if (name.Length == 0)
        {
            Doubt("it has an expansion that takes another name");
        }

        if (!isPlain)
        {
            ReadParameterOperator();
        }

        ReadParameterWord(isQuoted);
        var kind = isLength ? ShellPieceKind.Number
            : isPlain && !text.AsSpan(start, _at - start).Contains('[') ? ShellPieceKind.Variable
            : ShellPieceKind.Derived;
        word.Append(kind, name, "$" + name);
    }

    // [0], [@] and [*]; any other index is an expression.
    private bool ReadIndex()
    {
        if (Peek(0) != '[')
        {
            return true;
        }

        var close = text.IndexOf(']', _at);
        var index = close > _at ? text.AsSpan(_at + 1, close - _at - 1) : [];

        if (index is not ("@" or "*") && (index.IsEmpty || index.ContainsAnyExceptInRange('0', '9')))
        {
            Doubt("it has an index that is computed");
            _at++;
            return false;
        }

        _at = close + 1;
        return true;
    }

    private void ReadParameterOperator()
    {
        switch (Peek(0))
        {
            case ':' when Peek(1) is '-' or '+' or '?':
                _at += 2;
                break;
            case '-' or '+' or '?' or '#' or '%' or '/' or '^' or ',':
                _at++;
                break;
            case ':':
                // An offset is an expression; plain numbers only.
                for (_at++; Peek(0) is ' ' or ':' or '-' || char.IsAsciiDigit(Peek(0)); _at++)
                {
                }

                if (Peek(0) != '}')
                {
                    Doubt("it has an offset that is computed");
                }

                break;
            default:
                Doubt("it has an expansion with an operator that is not known");
                _at += _at < text.Length && text[_at] != '}' ? 1 : 0;
                break;
        }
    }

    // Up to the closing brace, with everything a word may hold.
    private void ReadParameterWord(bool isQuoted)
    {
        if (!Enter())
        {
            return;
        }

        var ignored = new WordBuilder();

        while (_at < text.Length && text[_at] != '}')
        {
            switch (text[_at])
            {
                case '\'' when isQuoted:
                    // Between double quotes it quotes in some expansions and is a mere sign in others.
                    Doubt("it has a quote inside an expansion");
                    _at++;
                    break;
                case '$':
                    ReadDollar(ignored, isQuoted);
                    break;
                case '`':
                    ReadBackticks(ignored, isQuoted);
                    break;
                case '\\' or '\'' or '"':
                    ReadWordPart(ignored, text[_at]);
                    break;
                case '<' or '>' when Peek(1) == '(':
                    _at++;
                    ReadNestedUntilParenthesis();
                    break;
                default:
                    _at++;
                    break;
            }
        }

        if (_at >= text.Length)
        {
            Doubt("an expansion of it is not closed");
        }

        _at = Math.Min(_at + 1, text.Length);
        _level--;
    }

    // ((…)) as a command; false where it rather is two groups, or holds more than numbers.
    private bool TryReadArithmeticCommand() => Peek(1) == '(' && TryReadArithmetic(_at + 2);

    /// <summary>Arithmetic on numbers and on variables of the line that are numbers.</summary>
    /// <remarks>
    /// A variable's text is itself taken for an expression, and the index of an array in it is expanded, so a
    /// variable counts only if the line gives it nothing but numbers.
    /// </remarks>
    private bool TryReadArithmetic(int start)
    {
        var level = 0;
        var at = start;
        var names = new List<(string Name, bool IsSet)>();

        while (at < text.Length)
        {
            var sign = text[at];

            if (sign == ')' && level == 0)
            {
                break;
            }

            if (char.IsAsciiLetter(sign) || sign == '_')
            {
                at = TakeName(at, names);
                continue;
            }

            if (!char.IsAsciiDigit(sign) && !"+-*/%<>=!&|^~?:,;() \t$".Contains(sign, StringComparison.Ordinal))
            {
                return false;
            }

            if (sign == '$' && !(at + 1 < text.Length && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '_')))
            {
                return false;
            }

            level += sign == '(' ? 1 : sign == ')' ? -1 : 0;
            at++;
        }

        if (at + 1 >= text.Length || text[at + 1] != ')')
        {
            return false;
        }

        foreach (var (name, isSet) in names)
        {
            if (isSet)
            {
                found.Variables.Set(name, ShellWord.Of("0"));
            }

            found.Variables.Compute(name);
        }

        _at = at + 2;
        return true;
    }

    private int TakeName(int at, List<(string Name, bool IsSet)> names)
    {
        var end = at;

        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        var after = text.AsSpan(end).TrimStart(' ');
        names.Add((text[at..end], after.StartsWith("=") && !after.StartsWith("==")));

        return end;
    }
}
