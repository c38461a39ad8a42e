using System.Text;

namespace Reeve.Authority.Policy;

/// <summary>How one word is read: quotes, backslashes, patterns and braces.</summary>
internal sealed partial class ShellReader
{
    // Line ends of other alphabets, signs without width and letters that only look like operators.
    private static bool IsMisleading(char letter) => letter is (< ' ' and not ('\t' or '\n')) or '\u007f'
        or (>= '\u0080' and <= '\u00a0') or '\u1680' or (>= '\u2000' and <= '\u200f')
        or (>= '\u2028' and <= '\u202f') or (>= '\u205f' and <= '\u206f') or '\u3000' or '\ufeff'
        or (>= '\uff00' and <= '\uff65');

    private ShellWord ReadWord()
    {
        var word = new WordBuilder();

        while (_at < text.Length)
        {
            var next = text[_at];

            if (next is ' ' or '\t' or '\n' or ';' or '&' or '|' or ')')
            {
                break;
            }

            if (next is '<' or '>')
            {
                if (Peek(1) != '(')
                {
                    break;
                }

                _at++;
                ReadNestedUntilParenthesis();
                word.Append(ShellPieceKind.Channel, "", "<()");
                continue;
            }

            if (next == '(')
            {
                if (!word.IsEmpty)
                {
                    // Behind a word it would be a function, which the caller sees, or a pattern.
                    if (word.Last is '?' or '*' or '@' or '+' or '!' or '=')
                    {
                        Doubt("it has a pattern with parentheses");
                    }
                }

                break;
            }

            ReadWordPart(word, next);
        }

        var whole = word.ToWord();

        if (!whole.IsQuoted && HasEncodedLineEnd(whole.Text))
        {
            Doubt("it has an encoded line end");
        }

        return whole;
    }

    private void ReadWordPart(WordBuilder word, char next)
    {
        switch (next)
        {
            case '\\':
                ReadBackslash(word);
                break;
            case '\'':
                ReadSingleQuoted(word);
                break;
            case '"':
                ReadDoubleQuoted(word);
                break;
            case '$':
                ReadDollar(word, isQuoted: false);
                break;
            case '`':
                ReadBackticks(word, isQuoted: false);
                break;
            case '[' when Peek(1) is ' ' or '\t' or '\n' or ';' or '&' or ')' or '\0':
                word.Append(next);
                _at++;
                break;
            case '*' or '?' or '[':
                Take(word, ShellPieceKind.Glob);
                break;
            case '{' or '}':
            case ',' when word.Braces > 0:
                Take(word, ShellPieceKind.Brace);
                break;
            case '~' when (word.IsEmpty || word.Last is '=' or ':'):
                Take(word, ShellPieceKind.Tilde);
                break;
            default:
                if (IsMisleading(next))
                {
                    Doubt("it has a sign that misleads");
                }

                word.Append(next);
                _at++;
                break;
        }
    }

    private void Take(WordBuilder word, ShellPieceKind kind)
    {
        var sign = text[_at].ToString();
        word.Append(kind, sign, sign);
        _at++;
    }

    private void ReadBackslash(WordBuilder word)
    {
        if (Peek(1) == '\n')
        {
            _at += 2;
            return;
        }

        word.IsQuoted = true;

        if (_at + 1 < text.Length)
        {
            TakeQuoted(word, text[_at + 1]);
        }
        else
        {
            Doubt("it ends with a backslash");
        }

        _at = Math.Min(_at + 2, text.Length);
    }

    private void ReadSingleQuoted(WordBuilder word)
    {
        word.IsQuoted = true;
        var end = text.IndexOf('\'', _at + 1);

        if (end < 0)
        {
            Doubt("a quote of it is not closed");
        }

        var stop = end >= 0 ? end : text.Length;

        for (var index = _at + 1; index < stop; index++)
        {
            TakeQuoted(word, text[index]);
        }

        _at = Math.Min(stop + 1, text.Length);
    }

    private void TakeQuoted(WordBuilder word, char letter)
    {
        if (char.IsControl(letter) && letter is not ('\n' or '\t'))
        {
            Doubt("it has a sign that misleads");
        }

        word.Append(letter);
    }

    private void ReadDoubleQuoted(WordBuilder word)
    {
        word.IsQuoted = true;
        _at++;
        ReadQuotedText(word, '"');
    }

    /// <summary>Text in which only dollars, backticks and backslashes mean something.</summary>
    private void ReadQuotedText(WordBuilder word, char close)
    {
        while (_at < text.Length && (close == '\0' || text[_at] != close))
        {
            switch (text[_at])
            {
                case '\\' when Peek(1) is '$' or '`' or '\\' || (close != '\0' && Peek(1) == close):
                    word.Append(text[_at + 1]);
                    _at += 2;
                    break;
                case '\\' when Peek(1) == '\n':
                    _at += 2;
                    break;
                case '$':
                    ReadDollar(word, isQuoted: true);
                    break;
                case '`':
                    ReadBackticks(word, isQuoted: true);
                    break;
                default:
                    TakeQuoted(word, text[_at++]);
                    break;
            }
        }

        if (close != '\0' && _at >= text.Length)
        {
            Doubt("a quote of it is not closed");
        }

        _at = Math.Min(_at + (close == '\0' ? 0 : 1), text.Length);
    }

    // $'…': the escapes of C (bash manual, ANSI-C quoting).
    private void ReadEscapedText(WordBuilder word)
    {
        word.IsQuoted = true;
        _at += 2;

        while (_at < text.Length && text[_at] != '\'')
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                ReadEscape(word);
            }
            else
            {
                TakeQuoted(word, text[_at++]);
            }
        }

        if (_at >= text.Length)
        {
            Doubt("a quote of it is not closed");
        }

        _at = Math.Min(_at + 1, text.Length);
    }

    private void ReadEscape(WordBuilder word)
    {
        var kind = text[_at + 1];
        _at += 2;

        switch (kind)
        {
            case 'n':
                word.Append('\n');
                break;
            case 't':
                word.Append('\t');
                break;
            case '\'':
                // A shell that does not know this quoting ends it here.
                Doubt("it has an escaped quote that shells read differently");
                word.Append(kind);
                break;
            case '\\' or '"' or '?':
                word.Append(kind);
                break;
            case 'x':
                TakeCode(word, 2, isHexadecimal: true);
                break;
            case 'u':
                TakeCode(word, 4, isHexadecimal: true);
                break;
            case 'U':
                TakeCode(word, 8, isHexadecimal: true);
                break;
            case >= '0' and <= '7':
                _at--;
                TakeCode(word, 3, isHexadecimal: false);
                break;
            default:
                Doubt("it has an escape that makes a control sign");
                word.Append(kind);
                break;
        }
    }

    private void TakeCode(WordBuilder word, int digitsMax, bool isHexadecimal)
    {
        var start = _at;

        while (_at - start < digitsMax
            && (isHexadecimal ? char.IsAsciiHexDigit(Peek(0)) : Peek(0) is >= '0' and <= '7'))
        {
            _at++;
        }

        var digits = text.AsSpan(start, _at - start);
        var code = 0;

        foreach (var digit in digits)
        {
            code = unchecked((code * (isHexadecimal ? 16 : 8)) + Convert.ToInt32(digit.ToString(), 16));
        }

        if (digits.IsEmpty || !Rune.IsValid(code) || code is < ' ' and not ('\n' or '\t') or >= 0x7f and < 0xa0)
        {
            Doubt("it has an escape that makes a control sign");
            word.Append(digits);
            return;
        }

        word.Append(char.ConvertFromUtf32(code));
    }

    private static bool HasEncodedLineEnd(string word)
    {
        var at = word.IndexOf("%0", StringComparison.Ordinal);

        return at >= 0 && at + 2 < word.Length && word[0] != '+' && word[at + 2] is 'a' or 'A' or 'd' or 'D';
    }
}
