namespace Reeve.Authority.Policy.Programs;

/// <summary>Reads a script of sed (POSIX.1-2017, with the additions of GNU sed) for what it would touch.</summary>
internal ref struct SedScript(ReadOnlySpan<char> script)
{
    private readonly ReadOnlySpan<char> _script = script;
    private bool _seesBrackets;
    private int _at;

    /// <summary>Why the script does more than edit the text that flows through; null where it does not.</summary>
    public static string? WhyNot(string script)
    {
        // Versions differ on whether a delimiter in a bracket expression ends it; neither reading may do harm.
        return Read(script, seesBrackets: true)
            ?? (Read(script, seesBrackets: false) is { } other && other != Unknown ? other : null);
    }

    private static string? Read(string script, bool seesBrackets)
    {
        var reader = new SedScript(script) { _seesBrackets = seesBrackets };

        while (!reader.IsAtEnd)
        {
            if (reader.ReadCommand() is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private const string Unknown = "its script has a command that is not known";

    private readonly bool IsAtEnd => _at >= _script.Length;

    private readonly char Next => IsAtEnd ? '\0' : _script[_at];

    private string? ReadCommand()
    {
        while (Next is ' ' or '\t' or '\n' or ';' or '}')
        {
            _at++;
        }

        if (IsAtEnd)
        {
            return null;
        }

        if (!ReadAddresses())
        {
            return Unknown;
        }

        while (Next is ' ' or '\t' or '!')
        {
            _at++;
        }

        var command = Next;
        _at++;

        switch (command)
        {
            case '{' or '=' or 'd' or 'D' or 'g' or 'G' or 'h' or 'H' or 'n' or 'N' or 'p' or 'P' or 'x' or 'z' or 'F':
                return null;
            case 'l' or 'L' or 'q' or 'Q':
                Skip("0123456789 ");
                return null;
            case ':' or 'b' or 't' or 'T':
                SkipTo(";\n}");
                return null;
            case '#' or 'a' or 'i' or 'c':
                SkipText();
                return null;
            case 's':
                return ReadSubstitution();
            case 'y':
                return ReadDelimited() && ReadRest(seesBrackets: false) ? null : Unknown;
            case 'w' or 'W':
                return "its script writes a file";
            case 'r' or 'R':
                return "its script reads another file";
            case 'e':
                return "its script starts a program";
            default:
                return Unknown;
        }
    }

    private bool ReadAddresses()
    {
        if (!ReadAddress())
        {
            return false;
        }

        Skip(" ");

        if (Next == ',')
        {
            _at++;
            Skip(" +~");
            return ReadAddress();
        }

        return true;
    }

    private bool ReadAddress()
    {
        if (char.IsAsciiDigit(Next) || Next == '$')
        {
            Skip("0123456789$~");
            return true;
        }

        if (Next == '\\')
        {
            _at++;
        }
        else if (Next != '/')
        {
            return true;
        }

        if (!ReadDelimited())
        {
            return false;
        }

        Skip("IM");
        return true;
    }

    private string? ReadSubstitution()
    {
        if (!ReadDelimited() || !ReadRest(seesBrackets: false))
        {
            return Unknown;
        }

        while (!IsAtEnd && Next is not (';' or '\n' or '}' or ' ' or '#'))
        {
            switch (Next)
            {
                case 'e':
                    return "its script starts a program";
                case 'w':
                    return "its script writes a file";
                case 'g' or 'p' or 'i' or 'I' or 'm' or 'M' or (>= '0' and <= '9'):
                    _at++;
                    break;
                default:
                    return Unknown;
            }
        }

        Skip(" ");

        return Next is '\0' or ';' or '\n' or '}' or '#' ? null : Unknown;
    }

    private char _delimiter;

    // From the delimiter here to the next one.
    private bool ReadDelimited()
    {
        _delimiter = Next;
        _at++;

        return _delimiter is not ('\0' or '\n' or '\\') && ReadRest(_seesBrackets);
    }

    private bool ReadRest(bool seesBrackets)
    {
        while (!IsAtEnd)
        {
            if (Next == '\\')
            {
                _at += 2;
                continue;
            }

            if (Next == _delimiter)
            {
                _at++;
                return true;
            }

            if (Next == '[' && seesBrackets)
            {
                SkipBrackets();
                continue;
            }

            _at++;
        }

        return false;
    }

    private void SkipBrackets()
    {
        _at++;
        _at += Next == '^' ? 1 : 0;
        _at += Next == ']' ? 1 : 0;

        while (!IsAtEnd && Next != ']')
        {
            var isClass = Next == '[' && _at + 1 < _script.Length && _script[_at + 1] is ':' or '.' or '=';
            var end = isClass ? _script[(_at + 2)..].IndexOf($"{_script[_at + 1]}]") : -1;
            _at += end >= 0 ? end + 4 : 1;
        }

        _at++;
    }

    private void Skip(ReadOnlySpan<char> signs)
    {
        while (!IsAtEnd && signs.Contains(Next))
        {
            _at++;
        }
    }

    private void SkipTo(ReadOnlySpan<char> signs)
    {
        while (!IsAtEnd && !signs.Contains(Next))
        {
            _at++;
        }
    }

    // Text runs to the end of the line; a backslash takes the next line in.
    private void SkipText()
    {
        while (!IsAtEnd && Next != '\n')
        {
            _at += Next == '\\' ? 2 : 1;
        }
    }
}
