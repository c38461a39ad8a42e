namespace Reeve.Tools.Symbols;

/// <summary>Takes a source file apart into words and signs, past comments and texts of its language.</summary>
/// <remarks>
/// It reads forward only and is linear in the text. It is no compiler: where a file is not well formed, it goes on
/// at the next line.
/// </remarks>
internal sealed class SourceLexer(string text, SourceLanguage language)
{
    public const int TokensMax = 400_000;

    private readonly List<SourceToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private bool _isFirst = true;

    public List<SourceToken> Read()
    {
        while (_at < text.Length && _tokens.Count < TokensMax)
        {
            Step();
        }

        return _tokens;
    }

    private char Next(int offset = 1) => _at + offset < text.Length ? text[_at + offset] : '\0';

    private bool StartsWith(string part) => string.CompareOrdinal(text, _at, part, 0, part.Length) == 0;

    private void Step()
    {
        var letter = text[_at];

        if (letter is '\n' || char.IsWhiteSpace(letter))
        {
            Advance(1);
        }
        else if (IsCommentStart(letter))
        {
            SkipLine(joinsLines: false);
        }
        else if (letter == '/' && Next() == '*' && language != SourceLanguage.Python)
        {
            SkipBlock();
        }
        else if (letter == '#' && language is SourceLanguage.C or SourceLanguage.CSharp && _isFirst)
        {
            ReadDirective();
        }
        else if (letter is '"' or '\'' or '`')
        {
            SkipText(letter);
        }
        else if (char.IsLetter(letter) || letter is '_' or '$')
        {
            ReadWord();
        }
        else if (char.IsDigit(letter))
        {
            ReadNumber();
        }
        else if (letter == '/' && language == SourceLanguage.JavaScript && IsPatternStart())
        {
            SkipPattern();
        }
        else
        {
            Add(letter.ToString(), _at);
            Advance(1);
        }
    }

    private bool IsCommentStart(char letter) => language == SourceLanguage.Python
        ? letter == '#' : letter == '/' && Next() == '/';

    private void Add(string word, int start)
    {
        _tokens.Add(new SourceToken(word, _line, _isFirst ? start - _lineStart : -1));
        _isFirst = false;
    }

    private void Advance(int count)
    {
        for (var end = Math.Min(_at + count, text.Length); _at < end; _at++)
        {
            if (text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
                _isFirst = true;
            }
        }
    }

    private void SkipLine(bool joinsLines)
    {
        while (_at < text.Length && text[_at] != '\n')
        {
            Advance(joinsLines && text[_at] == '\\' && Next() == '\n' ? 2 : 1);
        }
    }

    // Only Rust's comments stand inside of each other.
    private void SkipBlock()
    {
        var depth = 0;

        while (_at < text.Length)
        {
            if (StartsWith("*/"))
            {
                Advance(2);

                if (--depth == 0)
                {
                    return;
                }
            }
            else if (StartsWith("/*") && (depth == 0 || language == SourceLanguage.Rust))
            {
                depth++;
                Advance(2);
            }
            else
            {
                Advance(1);
            }
        }
    }

    private void ReadDirective()
    {
        Advance(1);

        while (_at < text.Length && text[_at] is ' ' or '\t')
        {
            Advance(1);
        }

        if (StartsWith("define ") || StartsWith("define\t"))
        {
            // The scanner knows a macro by these two tokens.
            Add("#define", _at);
            Advance(7);

            while (_at < text.Length && text[_at] is ' ' or '\t')
            {
                Advance(1);
            }

            ReadWord();
        }

        SkipLine(joinsLines: true);
    }

    private void ReadWord()
    {
        var start = _at;

        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '$'))
        {
            _at++;
        }

        var word = text[start.._at];
        var isPrefix = _at < text.Length && word.Length <= 3 && language switch
        {
            SourceLanguage.Python => text[_at] is '"' or '\'',
            SourceLanguage.Rust => word is "r" or "b" or "br" or "c" or "cr" && text[_at] is '"' or '#',
            SourceLanguage.C => word.EndsWith('R') && text[_at] == '"',
            _ => false,
        };

        if (isPrefix && language == SourceLanguage.Rust && SkipRustRaw())
        {
            return;
        }

        if (isPrefix && language == SourceLanguage.C)
        {
            var open = text.IndexOf('(', _at);
            var end = open < 0 ? -1 : text.IndexOf($"){text[(_at + 1)..open]}\"", open, StringComparison.Ordinal);
            Advance(end < 0 ? text.Length : end + 2 + (open - _at - 1) - _at);
        }
        else if (!isPrefix && word.Length > 0)
        {
            Add(word, start);
        }
    }

    // r#"…"# ends with as many number signs as it began with; r#type is a name.
    private bool SkipRustRaw()
    {
        var signs = 0;

        while (Next(signs) == '#' || (signs == 0 && _at < text.Length && text[_at] == '#'))
        {
            signs++;
        }

        var quote = _at + signs;

        if (quote >= text.Length || text[quote] != '"')
        {
            return false;
        }

        var end = text.IndexOf("\"" + new string('#', signs), quote + 1, StringComparison.Ordinal);
        Advance(end < 0 ? text.Length : end + 1 + signs - _at);

        return true;
    }

    private void ReadNumber()
    {
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_'
            || (text[_at] == '.' && char.IsDigit(Next())) || (text[_at] == '\'' && char.IsLetterOrDigit(Next()))))
        {
            _at++;
        }

        _isFirst = false;
    }

    private void SkipText(char quote)
    {
        if (quote == '"' && language is SourceLanguage.CSharp or SourceLanguage.Java && StartsWith("\"\"\""))
        {
            SkipQuoted(new string('"', CountQuotes()), escapes: language == SourceLanguage.Java, isLong: true);
        }
        else if (language == SourceLanguage.Python && StartsWith(new string(quote, 3)))
        {
            SkipQuoted(new string(quote, 3), escapes: true, isLong: true);
        }
        else if (quote == '`')
        {
            SkipQuoted("`", escapes: language == SourceLanguage.JavaScript, isLong: true);
        }
        else if (quote == '\'' && language == SourceLanguage.Rust && Next() != '\\' && Next(2) != '\'')
        {
            // A lifetime.
            Advance(1);
        }
        else if (quote == '"' && language == SourceLanguage.CSharp && IsVerbatim())
        {
            SkipVerbatim();
        }
        else
        {
            SkipQuoted(quote.ToString(), escapes: true, isLong: language == SourceLanguage.Rust && quote == '"');
        }
    }

    private int CountQuotes()
    {
        var count = 0;

        while (Next(count) == '"' || (count == 0 && text[_at] == '"'))
        {
            count++;
        }

        return count;
    }

    private bool IsVerbatim() => (_at > 0 && text[_at - 1] == '@')
        || (_at > 1 && text[_at - 1] == '$' && text[_at - 2] == '@');

    private void SkipVerbatim()
    {
        Advance(1);

        while (_at < text.Length && !(text[_at] == '"' && Next() != '"'))
        {
            Advance(text[_at] == '"' ? 2 : 1);
        }

        Advance(1);
    }

    private void SkipQuoted(string quote, bool escapes, bool isLong)
    {
        _isFirst = false;
        Advance(quote.Length);

        while (_at < text.Length && !StartsWith(quote))
        {
            if (!isLong && text[_at] == '\n')
            {
                return;
            }

            Advance(escapes && text[_at] == '\\' ? 2 : 1);
        }

        Advance(quote.Length);
        _isFirst = false;
    }

    // A slash after a value divides; anywhere else it begins a pattern.
    private bool IsPatternStart()
    {
        if (_tokens.Count == 0)
        {
            return true;
        }

        var before = _tokens[^1];

        return before.IsWord
            ? before.Text is "return" or "typeof" or "case" or "in" or "of" or "void" or "delete"
            : !before.Is(')') && !before.Is(']') && !before.Is('}');
    }

    private void SkipPattern()
    {
        var inClass = false;
        Advance(1);

        while (_at < text.Length && text[_at] != '\n' && (inClass || text[_at] != '/'))
        {
            inClass = text[_at] == '[' || (inClass && text[_at] != ']');
            Advance(text[_at] == '\\' ? 2 : 1);
        }

        Advance(1);
    }
}
