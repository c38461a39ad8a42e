namespace Reeve.Authority.Policy.Programs;

/// <summary>Looks through a program of awk (POSIX.1-2017, gawk manual) for what reaches beyond its input.</summary>
internal static class AwkProgram
{
    private static readonly HashSet<string> s_reaching = new(StringComparer.Ordinal)
    {
        "system", "getline", "ENVIRON", "ARGV", "ARGC", "PROCINFO", "close", "fflush", "extension", "SYMTAB",
        "ARGIND",
    };

    /// <summary>Why the program does more than print what it reads; null where it does not.</summary>
    public static string? WhyNot(ReadOnlySpan<char> program)
    {
        var (at, depth, printDepth) = (0, 0, -1);
        var before = '{';

        while (at < program.Length)
        {
            var sign = program[at];
            var next = at + 1 < program.Length ? program[at + 1] : '\0';

            if (sign is ' ' or '\t')
            {
                at++;
                continue;
            }

            if (sign == '#')
            {
                at = program[at..].IndexOf('\n') is var line and >= 0 ? at + line : program.Length;
                continue;
            }

            if (sign == '"' || (sign == '/' && "({}[;,!~&|=\n".Contains(before)))
            {
                var end = EndOf(program, at, sign);

                if (end < 0)
                {
                    return "its program cannot be read";
                }

                at = end;
                before = '"';
                continue;
            }

            if (char.IsAsciiLetter(sign) || sign == '_')
            {
                var end = at;

                while (end < program.Length && (char.IsAsciiLetterOrDigit(program[end]) || program[end] == '_'))
                {
                    end++;
                }

                var word = program[at..end].ToString();

                if (s_reaching.Contains(word))
                {
                    return $"its program uses {word}";
                }

                printDepth = word is "print" or "printf" ? depth : printDepth;
                before = 'a';
                at = end;
                continue;
            }

            switch (sign)
            {
                case '@' or '`' or '\\' when sign != '\\' || next != '\n':
                    return "its program has a sign that is not known";
                case '|' when next != '|':
                    return "its program starts another program";
                case '>' when printDepth >= 0 && depth <= printDepth:
                    return "its program writes a file";
                case '(' or '[':
                    depth++;
                    break;
                case ')' or ']':
                    depth--;
                    break;
                case ';' or '}' or '\n' or '{':
                    printDepth = -1;
                    break;
            }

            at += sign == '|' || (sign == '&' && next == '&') ? 2 : 1;
            before = sign;
        }

        return null;
    }

    private static int EndOf(ReadOnlySpan<char> program, int start, char quote)
    {
        for (var at = start + 1; at < program.Length; at++)
        {
            if (program[at] == '\\')
            {
                at++;
            }
            else if (program[at] == quote)
            {
                return at + 1;
            }
            else if (program[at] == '\n' || (quote == '/' && program[at] == '[' && HoldsSlash(program[at..])))
            {
                return -1;
            }
        }

        return -1;
    }

    private static bool HoldsSlash(ReadOnlySpan<char> bracket)
    {
        var close = bracket.Length > 2 ? bracket[2..].IndexOf(']') : -1;

        return close >= 0 && bracket[..(close + 2)].Contains('/');
    }
}
