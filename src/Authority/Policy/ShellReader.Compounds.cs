using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>Conditions, loops, functions and the test command.</summary>
internal sealed partial class ShellReader
{
    private void ReadIf()
    {
        _at += 2;
        ReadList('\0', "then");
        var closer = ReadList('\0', "elif", "else", "fi");

        while (closer is "elif" or "else")
        {
            if (closer == "elif")
            {
                ReadList('\0', "then");
                closer = ReadList('\0', "elif", "else", "fi");
            }
            else
            {
                closer = ReadList('\0', "fi");
            }
        }

        ReadTrailingRedirects();
    }

    private void ReadFor()
    {
        _at += PeekWord().Length;
        SkipBlanks();

        if (Starts("(("))
        {
            if (!TryReadArithmeticCommand())
            {
                Doubt("its loop is not counted with plain numbers");
                _at += 2;
            }
        }
        else
        {
            ReadForNames();
        }

        SkipSpace();
        _at += Peek(0) == ';' && Peek(1) != ';' ? 1 : 0;
        SkipSpace();

        if (PeekWord() is "{")
        {
            _at++;
            ReadList('\0', "}");
        }
        else if (PeekWord() is "do")
        {
            _at += 2;
            ReadList('\0', "done");
        }
        else
        {
            Doubt("a loop of it has no body");
        }

        ReadTrailingRedirects();
    }

    private void ReadForNames()
    {
        var name = ReadWord();

        if (!name.IsLiteral || !ShellBuiltins.IsName(name.Text))
        {
            Doubt("a loop of it has no plain variable");
        }

        SkipSpace();

        if (PeekWord() is not "in")
        {
            found.Variables.SetUnknown(name.Text);
            return;
        }

        _at += 2;
        SkipBlanks();

        while (!IsAtEnd && text[_at] is not (';' or '\n'))
        {
            if (IsOperator(text[_at]) || text[_at] is '(' or '<' or '>')
            {
                Doubt("the list of a loop is not plain words");
                _at++;
            }
            else
            {
                foreach (var value in ExpandBraces(ReadWord()))
                {
                    found.Variables.Set(name.Text, value);
                }
            }

            SkipBlanks();
        }
    }

    private void ReadCase()
    {
        _at += 4;
        SkipBlanks();
        _ = ReadWord();
        SkipSpace();

        if (PeekWord() is not "in")
        {
            Doubt("a case of it has no list");
            return;
        }

        _at += 2;

        while (!IsAtEnd)
        {
            SkipSpace();

            if (PeekWord() is "esac")
            {
                _at += 4;
                ReadTrailingRedirects();
                return;
            }

            ReadPatterns();

            if (ReadList('\0', ";;", "esac") == "esac")
            {
                ReadTrailingRedirects();
                return;
            }
        }

        Doubt("a case of it is not closed");
    }

    private void ReadPatterns()
    {
        _at += Peek(0) == '(' ? 1 : 0;

        while (!IsAtEnd && text[_at] != ')')
        {
            SkipBlanks();
            var before = _at;
            _ = ReadWord();
            SkipBlanks();

            if (Peek(0) == '|')
            {
                _at++;
            }
            else if (_at == before)
            {
                Doubt("a pattern of it cannot be read");
                _at++;
            }
        }

        _at = Math.Min(_at + 1, text.Length);
    }

    private void ReadFunctionKeyword()
    {
        _at += 8;
        SkipBlanks();
        _ = ReadWord();
        SkipBlanks();

        if (Peek(0) == '(')
        {
            _at++;
            SkipBlanks();
            _at += Peek(0) == ')' ? 1 : 0;
        }

        ReadFunctionBody();
    }

    private void ReadFunctionBody()
    {
        found.DefinesFunctions = true;
        SkipSpace();

        if (!IsAtEnd && !IsOperator(text[_at]))
        {
            ReadCommand();
        }
        else
        {
            Doubt("a function of it has no body");
        }
    }

    // [[ … ]]: words, with signs between them that mean comparing and grouping here.
    private void ReadCondition()
    {
        var start = _at;
        var words = new List<ShellWord> { ShellWord.Of("[[") };
        _at += 2;

        while (true)
        {
            SkipSpace();

            if (IsAtEnd || text[_at] == ';')
            {
                Doubt("a test of it is not closed");
                break;
            }

            if (PeekWord() is "]]")
            {
                _at += 2;
                words.Add(ShellWord.Of("]]"));
                break;
            }

            if (text[_at] is '(' or ')' or '|' or '&' or '<' or '>')
            {
                _at++;
            }
            else
            {
                words.Add(ReadWord());
            }
        }

        var redirects = new List<ShellRedirect>();
        ReadRedirects(redirects);
        AddCommand(words, [], redirects, start);
    }

    private void ReadTrailingRedirects()
    {
        var start = _at;
        var redirects = new List<ShellRedirect>();
        ReadRedirects(redirects);

        if (redirects.Count > 0)
        {
            AddCommand([], [], redirects, start);
        }
    }

    private void AddCommand(
        IEnumerable<ShellWord> words, IEnumerable<string> assignments, IEnumerable<ShellRedirect> redirects, int start)
    {
        var end = Math.Min(_at, text.Length);
        var command = new SimpleCommand(
            [.. words], [.. assignments], PeekJoint(), depth > 0, [.. redirects])
        {
            Feeder = _feeder,
            Source = text[Math.Min(start, end)..end].Trim(),
        };
        found.Add(command);
        _feeder = command;
        ShellWrappers.Unwrap(command, ReadNested, found);
    }

    private void ReadNested(string inner)
    {
        if (depth < ShellGrammar.DepthMax)
        {
            new ShellReader(inner, found, depth + 1).ReadAll();
        }
        else
        {
            Doubt("it is nested too deeply");
        }
    }
}
