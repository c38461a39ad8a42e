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
    public static string? WhyNot(string program)
    {
        var (at, depth, printDepth) = (0, 0, -1);
        var before = '{';

        while (at < program.Length)
        {
            var sign = program[at];
            var end = EndOfPlain(program, at, before);

            if (end < 0)
            {
                return "its program cannot be read";
            }

            if (end > at)
            {
                var word = program[at..end];

                if (s_reaching.Contains(word))
                {
                    return $"its program uses {word}";
                }

                printDepth = word is "print" or "printf" ? depth : printDepth;
                before = sign is ' ' or '\t' or '#' ? before : sign == '/' ? '"' : sign;
                at = end;
                continue;
            }

            if (WhyNotSign(program, at, printDepth >= 0 && depth <= printDepth) is { } reason)
            {
                return reason;
            }

            depth += sign is '(' or '[' ? 1 : sign is ')' or ']' ? -1 : 0;
            printDepth = sign is ';' or '{' or '}' or '\n' ? -1 : printDepth;
            at += sign is '|' or '&' ? 2 : 1;
            before = sign;
        }

        return null;
    }

    private static string? WhyNotSign(string program, int at, bool isPrinted)
    {
        var next = at + 1 < program.Length ? program[at + 1] : '\0';

        return program[at] switch
        {
            '@' or '`' => "its program has a sign that is not known",
            '\\' when next != '\n' => "its program has a sign that is not known",
            '|' when next != '|' => "its program starts another program",
            '&' when next != '&' => "its program has a sign that is not known",
            '>' when isPrinted => "its program writes a file",
            _ => null,
        };
    }

    // Where blanks, a comment, a text, a pattern or a word ends; here where there is none, negative where it is open.
    private static int EndOfPlain(string program, int at, char before)
    {
        var sign = program[at];

        if (sign is ' ' or '\t')
        {
            return at + 1;
        }

        if (sign == '#')
        {
            return program.IndexOf('\n', at) is var line and >= 0 ? line : program.Length;
        }

        if (sign == '"' || (sign == '/' && "({}[;,!~&|=\n".Contains(before, StringComparison.Ordinal)))
        {
            return EndOf(program, at, sign);
        }

        var end = at;

        while (end < program.Length && (char.IsAsciiLetter(program[end]) || program[end] == '_'
            || (end > at && char.IsAsciiDigit(program[end]))))
        {
            end++;
        }

        return end;
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
