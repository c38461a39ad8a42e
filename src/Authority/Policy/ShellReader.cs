using System.Collections.Immutable;
using System.Text;

namespace Reeve.Authority.Policy;

/// <summary>One pass over one shell text; nested texts get a reader of their own.</summary>
internal sealed partial class ShellReader(string text, List<SimpleCommand> found, int depth)
{
    private static readonly HashSet<string> s_openers = new(StringComparer.Ordinal)
    {
        "if", "then", "else", "elif", "while", "until", "do", "time", "!", "{",
    };

    private static readonly HashSet<string> s_closers = new(StringComparer.Ordinal) { "fi", "done", "}" };

    private static readonly HashSet<string> s_unknown = new(StringComparer.Ordinal)
    {
        "case", "esac", "function", "select", "coproc", "alias", "trap", "source", ".",
    };

    private readonly List<ShellWord> _words = [];
    private readonly List<string> _assignments = [];
    private readonly List<ShellRedirect> _redirects = [];
    private readonly StringBuilder _word = new();
    private readonly Queue<string> _hereDocuments = new();
    private int _at;
    private bool _hasWord;
    private bool _isLiteral = true;
    private bool _isQuoted;
    private bool _isUnderstood = true;
    private bool _isRedirectTarget;
    private bool _isWriteTarget;

    /// <summary>True when every part of the text was understood.</summary>
    public bool ReadAll()
    {
        var isWhole = ReadUntil(close: '\0');

        return isWhole && _isUnderstood;
    }

    // Every turn consumes at least one character, so the loop ends with the text.
    private bool ReadUntil(char close)
    {
        while (_at < text.Length && found.Count < ShellGrammar.CommandsMax)
        {
            if (close != '\0' && text[_at] == close)
            {
                EndCommand(ShellJoint.End);
                return true;
            }

            ReadOne();
        }

        EndCommand(ShellJoint.End);

        return close == '\0' && found.Count < ShellGrammar.CommandsMax && _hereDocuments.Count == 0;
    }

    private void ReadOne()
    {
        var next = text[_at];

        switch (next)
        {
            case ' ' or '\t':
                EndWord();
                _at++;
                break;
            case '\n':
                EndCommand(ShellJoint.Sequence);
                _at++;
                SkipHereDocuments();
                break;
            case '#' when !_hasWord:
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
                break;
            case ';' or '&' or '|':
                ReadOperator();
                break;
            case '<' or '>':
                ReadRedirection();
                break;
            case '(':
                ReadGroup();
                break;
            case ')':
                GiveUp();
                break;
            default:
                ReadWordPart(next);
                break;
        }
    }

    private void ReadOperator()
    {
        var first = text[_at];
        var isTwice = Peek(1) == first;
        var isTwiceOrErrorPipe = isTwice || (first == '|' && Peek(1) == '&');

        if (first == '&' && Peek(1) == '>')
        {
            EndWord();
            _at++;
            ReadRedirection();
            return;
        }

        _isUnderstood &= first != ';' || !isTwice;
        EndCommand((first, isTwice) switch
        {
            ('&', true) => ShellJoint.And,
            ('|', true) => ShellJoint.Or,
            ('|', false) => ShellJoint.Pipe,
            ('&', false) => ShellJoint.Background,
            _ => ShellJoint.Sequence,
        });
        _at += isTwiceOrErrorPipe ? 2 : 1;
    }

    private void ReadRedirection()
    {
        if (Peek(1) == '(')
        {
            // Process substitution: a word that runs commands.
            _at++;
            ReadSubstitution();
            return;
        }

        // A number right before the sign is the descriptor and not a word.
        if (_hasWord && !_isQuoted && _word.Length > 0 && IsAllDigits())
        {
            ResetWord();
        }

        EndWord();
        var isWrite = false;
        var isDescriptor = false;
        var isHereDocument = text[_at] == '<' && Peek(1) == '<' && Peek(2) != '<';

        while (Peek(0) is '<' or '>' or '&' or '|')
        {
            isWrite |= text[_at] == '>';
            isDescriptor = text[_at] == '&';
            _at++;
        }

        _isUnderstood &= !(isDescriptor && Peek(0) is ' ' or '\t');

        if (isHereDocument)
        {
            ReadHereDocumentName();
            return;
        }

        _isRedirectTarget = true;
        _isWriteTarget = isWrite;
    }

    private void ReadHereDocumentName()
    {
        _at += Peek(0) == '-' ? 1 : 0;

        while (Peek(0) is ' ' or '\t')
        {
            _at++;
        }

        var isQuoted = Peek(0) is '\'' or '"';
        var start = isQuoted ? _at + 1 : _at;
        _at = start;

        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        var name = text[start.._at];
        _at = Math.Min(_at + (isQuoted ? 1 : 0), text.Length);
        _isUnderstood &= name.Length > 0;
        _hereDocuments.Enqueue(isQuoted ? name : "$" + name);
    }

    private void SkipHereDocuments()
    {
        while (_hereDocuments.TryDequeue(out var mark))
        {
            var isExpanded = mark.StartsWith('$');
            var name = isExpanded ? mark[1..] : mark;
            var isClosed = false;

            while (!isClosed && _at < text.Length)
            {
                var end = text.IndexOf('\n', _at) is var at and >= 0 ? at : text.Length;
                var line = text.AsSpan(_at, end - _at);
                isClosed = line.TrimStart('\t').SequenceEqual(name);
                _isUnderstood &= !isExpanded || line.IndexOfAny('$', '`') < 0;
                _at = Math.Min(end + 1, text.Length);
            }

            _isUnderstood &= isClosed;
        }
    }

    private void ReadGroup()
    {
        // Right behind a word it would be a function or an array: neither is followed.
        if (_hasWord || _words.Count > 0 || _assignments.Count > 0)
        {
            GiveUp();
            return;
        }

        ReadNestedUntilParenthesis();
    }

    private void ReadSubstitution()
    {
        _hasWord = true;
        _isLiteral = false;

        if (Peek(1) == '(')
        {
            GiveUp();
            return;
        }

        ReadNestedUntilParenthesis();
        _word.Append("$()");
    }

    private void ReadNestedUntilParenthesis()
    {
        if (depth >= ShellGrammar.DepthMax)
        {
            GiveUp();
            return;
        }

        var inner = new ShellReader(text, found, depth + 1) { _at = _at + 1 };
        var isClosed = inner.ReadUntil(')');
        _isUnderstood &= isClosed && inner._isUnderstood;
        _at = Math.Min(inner._at + 1, text.Length);
    }

    private void EndWord()
    {
        if (_hasWord && _isRedirectTarget)
        {
            _redirects.Add(new ShellRedirect(new ShellWord(_word.ToString(), _isLiteral), _isWriteTarget));
        }
        else if (_hasWord)
        {
            TakeWord(new ShellWord(_word.ToString(), _isLiteral));
        }

        _isRedirectTarget &= !_hasWord;
        ResetWord();
    }

    private void TakeWord(ShellWord word)
    {
        if (_words.Count > 0)
        {
            _words.Add(word);
        }
        else if (!_isQuoted && s_openers.Contains(word.Text))
        {
            // What follows is again at the place of a command.
            return;
        }
        else if (NameOfAssignment(word.Text) is { } name)
        {
            _assignments.Add(name);
        }
        else
        {
            _isUnderstood &= _isQuoted || !s_unknown.Contains(word.Text);
            _words.Add(word);
        }
    }

    private void EndCommand(ShellJoint joint)
    {
        EndWord();
        _isRedirectTarget = false;
        var isCloser = _words is [{ IsLiteral: true } only] && s_closers.Contains(only.Text);

        var hasContent = _words.Count > 0 || _assignments.Count > 0 || _redirects.Count > 0;

        if (hasContent && (!isCloser || _redirects.Count > 0))
        {
            var command = new SimpleCommand(
                [.. _words], [.. _assignments], joint, depth > 0, [.. _redirects]);
            found.Add(command);
            _isUnderstood &= ShellWrappers.Unwrap(command, ReadNested, found);
        }

        _words.Clear();
        _assignments.Clear();
        _redirects.Clear();
    }

    private void GiveUp()
    {
        _isUnderstood = false;
        _isLiteral = false;
        _at++;
    }

    private void ResetWord()
    {
        _word.Clear();
        _hasWord = false;
        _isLiteral = true;
        _isQuoted = false;
    }

    private static string? NameOfAssignment(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? word.AsSpan(0, equals) : [];
        name = name.EndsWith("+") ? name[..^1] : name;

        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
        {
            return null;
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return null;
            }
        }

        return name.ToString();
    }

    private bool IsAllDigits()
    {
        for (var index = 0; index < _word.Length; index++)
        {
            if (!char.IsAsciiDigit(_word[index]))
            {
                return false;
            }
        }

        return true;
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';
}
