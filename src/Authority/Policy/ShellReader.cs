namespace Reeve.Authority.Policy;

/// <summary>Reads one shell text by descent; nested texts get a reader of their own.</summary>
/// <remarks>
/// After something it does not know it notes the doubt and goes on, so that what stands behind it is still found.
/// Every turn of a loop takes at least one character, so each ends with the text.
/// </remarks>
internal sealed partial class ShellReader(string text, ShellFindings found, int depth)
{
    private const string EndOfText = "";

    private int _at;
    private int _level;
    private SimpleCommand? _feeder;

    private bool IsAtEnd => _at >= text.Length || found.IsFull;

    public void ReadAll()
    {
        while (!IsAtEnd)
        {
            ReadList('\0');

            if (!IsAtEnd)
            {
                Doubt("it has a sign where none belongs");
                _at++;
            }
        }

        EndHereDocuments();
    }

    /// <summary>Reads commands up to what closes the list, and says what it was.</summary>
    private string ReadList(char close, params ReadOnlySpan<string> closers)
    {
        if (!Enter())
        {
            return EndOfText;
        }

        var closer = ReadListInside(close, closers);
        _level--;
        _feeder = null;

        return closer;
    }

    private string ReadListInside(char close, ReadOnlySpan<string> closers)
    {
        while (true)
        {
            SkipSpace();

            if (IsAtEnd)
            {
                if (close != '\0' || !closers.IsEmpty)
                {
                    Doubt("a part of it is not closed");
                }

                return EndOfText;
            }

            if (close != '\0' && text[_at] == close)
            {
                _at++;
                return ")";
            }

            if (TakeCloser(closers) is { } closer)
            {
                return closer;
            }

            if (!IsOperator(text[_at]) || (text[_at] == '&' && Peek(1) == '>'))
            {
                ReadCommand();
            }
            else
            {
                Doubt("it has a sign where a command belongs");
                _at++;
            }

            TakeOperator();
        }
    }

    private string? TakeCloser(ReadOnlySpan<string> closers)
    {
        if (Starts(";;"))
        {
            if (!closers.Contains(";;"))
            {
                return null;
            }

            _at += Peek(2) == '&' ? 3 : 2;
            return ";;";
        }

        var word = PeekWord();

        foreach (var closer in closers)
        {
            if (closer != ";;" && word.SequenceEqual(closer))
            {
                _at += closer.Length;
                return closer;
            }
        }

        return null;
    }

    // What follows a command: a pipe hands its output on, everything else begins anew.
    private void TakeOperator()
    {
        SkipBlanks();
        var isOpen = Peek(0) == '|' || Starts("&&");

        switch (Peek(0))
        {
            case '|' when Peek(1) != '|':
                _at += Peek(1) == '&' ? 2 : 1;
                DoubtAtEnd(isOpen);
                return;
            case '&' or '|' when Peek(1) == Peek(0):
                _at += 2;
                break;
            case ';' when Peek(1) is not (';' or '&'):
            case '&' when Peek(1) != '>':
                _at++;
                break;
        }

        DoubtAtEnd(isOpen);
        _feeder = null;
    }

    private void DoubtAtEnd(bool isOpen)
    {
        if (isOpen && text.AsSpan(_at).Trim(" \t\n").IsEmpty)
        {
            Doubt("a command of it is missing");
        }
    }

    private ShellJoint PeekJoint()
    {
        SkipBlanks();

        return (Peek(0), Peek(1)) switch
        {
            ('&', '&') => ShellJoint.And,
            ('|', '|') => ShellJoint.Or,
            ('|', _) => ShellJoint.Pipe,
            ('&', _) => ShellJoint.Background,
            (';' or '\n', _) => ShellJoint.Sequence,
            _ => ShellJoint.End,
        };
    }

    private void ReadCommand()
    {
        if (!Enter())
        {
            return;
        }

        if (text[_at] == '(')
        {
            if (!TryReadArithmeticCommand())
            {
                ReadNestedUntilParenthesis();
            }

            ReadTrailingRedirects();
        }
        else
        {
            ReadWordCommand();
        }

        _level--;
    }

    private void ReadWordCommand()
    {
        switch (PeekWord())
        {
            case "{":
                _at++;
                ReadList('\0', "}");
                ReadTrailingRedirects();
                break;
            case "!":
            case "time":
                ReadPrefix();
                break;
            case "if":
                ReadIf();
                break;
            case "while":
            case "until":
                _at += 5;
                ReadList('\0', "do");
                ReadList('\0', "done");
                ReadTrailingRedirects();
                break;
            case "for":
            case "select":
                ReadFor();
                break;
            case "case":
                ReadCase();
                break;
            case "function":
                ReadFunctionKeyword();
                break;
            case "[[":
                ReadCondition();
                break;
            case "coproc":
                Doubt("it starts a coprocess");
                _at += 6;
                break;
            case "then" or "do" or "done" or "fi" or "else" or "elif" or "esac" or "}":
                Doubt("it has a word of the shell where none belongs");
                _at += PeekWord().Length;
                break;
            default:
                ReadSimpleCommand();
                break;
        }
    }

    private void ReadPrefix()
    {
        var isTime = text[_at] == 't';
        _at += isTime ? 4 : 1;
        SkipBlanks();

        if (isTime && PeekWord() is "-p")
        {
            _at += 2;
            SkipBlanks();
        }

        if (!IsAtEnd && !IsOperator(text[_at]) && text[_at] != '\n')
        {
            ReadCommand();
        }
    }

    private bool Enter()
    {
        if (_level + depth < ShellGrammar.LevelsMax)
        {
            _level++;
            return true;
        }

        Doubt("it is nested too deeply");
        _at = text.Length;

        return false;
    }

    private void Doubt(string reason) => found.Doubt(reason);

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t')
            {
                _at++;
            }
            else if (text[_at] == '\\' && Peek(1) == '\n')
            {
                _at += 2;
            }
            else
            {
                break;
            }
        }

        if (Peek(0) == '#')
        {
            _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
        }
    }

    // Blanks, comments and line ends, with the here documents that begin there.
    private void SkipSpace()
    {
        SkipBlanks();

        while (Peek(0) == '\n')
        {
            _at++;
            ReadHereDocuments();
            SkipBlanks();
        }
    }

    /// <summary>The word that begins here if it is one without any quoting, as words of the shell are.</summary>
    private ReadOnlySpan<char> PeekWord()
    {
        var end = _at;

        while (end < text.Length && text[end] is not (' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<'
            or '>'))
        {
            if (end - _at > 8 || text[end] is '\'' or '"' or '\\' or '$' or '`')
            {
                return [];
            }

            end++;
        }

        return text.AsSpan(_at, end - _at);
    }

    private bool Starts(string what) =>
        string.CompareOrdinal(text, _at, what, 0, what.Length) == 0;

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private static bool IsOperator(char sign) => sign is ';' or '&' or '|' or ')';
}
