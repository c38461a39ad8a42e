namespace Reeve.Authority.Policy;

/// <summary>Programs whose work is to start another program: the gate looks at the other one too.</summary>
internal static class ShellWrappers
{
    // How many plain arguments stand before the wrapped command, and which options take the next word.
    private static readonly Dictionary<string, (int Before, string Valued)> s_wrappers =
        new(StringComparer.Ordinal)
        {
            ["env"] = (0, "-u -C --unset --chdir"),
            ["command"] = (0, ""),
            ["builtin"] = (0, ""),
            ["exec"] = (0, "-a"),
            ["nohup"] = (0, ""),
            ["time"] = (0, "-f -o"),
            ["nice"] = (0, "-n --adjustment"),
            ["ionice"] = (0, "-c -n -p"),
            ["setsid"] = (0, ""),
            ["stdbuf"] = (0, "-i -o -e"),
            ["sudo"] = (0, "-u -g -h -p -C -r -t -U"),
            ["doas"] = (0, "-u -C"),
            ["xargs"] = (0, "-I -n -P -L -d -a -E -s"),
            ["timeout"] = (1, "-s -k --signal --kill-after"),
            ["chrt"] = (1, ""),
            ["taskset"] = (1, ""),
            ["flock"] = (1, "-w -E"),
            ["chroot"] = (1, ""),
            ["watch"] = (0, "-n -d"),
            ["busybox"] = (0, ""),
            ["strace"] = (0, "-e -o -p -s"),
            ["ltrace"] = (0, "-e -o -p -s"),
            ["chronic"] = (0, ""),
        };

    private static readonly char[] s_versionLetters = [.. "0123456789."];

    private static readonly HashSet<string> s_shells = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "zsh", "ksh", "ash", "fish",
    };

    private static readonly HashSet<string> s_interpreters = new(StringComparer.Ordinal)
    {
        "python", "pypy", "perl", "ruby", "node", "nodejs", "deno", "bun", "php", "lua", "awk", "gawk", "mawk",
        "osascript", "expect", "tclsh", "ssh", "script", "su", "gdb", "vim", "vi", "ed", "parallel", "at", "crontab",
    };

    /// <summary>True for programs that may start others, or run what they are given.</summary>
    public static bool MayStartOthers(ReadOnlySpan<char> program)
    {
        var name = program[(program.LastIndexOf('/') + 1)..];

        return s_shells.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name)
            || s_wrappers.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name)
            || s_interpreters.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.TrimEnd("0123456789."))
            || name is "eval" or "find";
    }

    /// <summary>Adds the commands this one would start; false when that cannot be told.</summary>
    public static bool Unwrap(SimpleCommand command, Func<string, bool> readNested, List<SimpleCommand> found)
    {
        if (command.Words.IsEmpty)
        {
            return true;
        }

        if (!command.Words[0].IsLiteral)
        {
            return false;
        }

        var program = NameOf(command.Words[0].Text);

        return program switch
        {
            _ when s_shells.Contains(program) => UnwrapShell(command, readNested),
            "eval" => UnwrapText(command, from: 1, readNested),
            "find" => UnwrapFind(command, readNested, found),
            _ when s_interpreters.Contains(program.TrimEnd(s_versionLetters)) => !RunsTextAsCode(command),
            _ when s_wrappers.TryGetValue(program, out var wrapper) =>
                UnwrapRest(command, wrapper.Before, wrapper.Valued.Split(' '), readNested, found),
            _ => true,
        };
    }

    /// <summary>The last part of a path to a program.</summary>
    public static string NameOf(string program) => program[(program.LastIndexOf('/') + 1)..];

    private static bool UnwrapShell(SimpleCommand command, Func<string, bool> readNested)
    {
        for (var index = 1; index < command.Words.Length; index++)
        {
            var word = command.Words[index];
            var isOption = word.Text.StartsWith('-') && !word.Text.StartsWith("--", StringComparison.Ordinal);

            if (isOption && word.Text.Contains('c', StringComparison.Ordinal))
            {
                var script = command.Words.ElementAtOrDefault(index + 1);
                return word.IsLiteral && script is { IsLiteral: true, Text: not null } && readNested(script.Text);
            }

            if (!isOption)
            {
                // A script file: what it starts is not in this line.
                return word.Text is "--version" or "--help" or not ['-', '-', ..];
            }
        }

        // A shell that reads its commands from standard input.
        return false;
    }

    // Code in an argument or on standard input may start anything.
    private static bool RunsTextAsCode(SimpleCommand command) =>
        command.Words.Length == 1
        || NameOf(command.Words[0].Text) is "awk" or "gawk" or "mawk" or "ssh" or "su" or "parallel" or "at"
        || command.Words.Skip(1).Any(word =>
            word.Text is "-" or "-p" or "-r" or "--eval" or "--print" or "--command"
            || (word.Text is ['-', not '-', ..] && word.Text.AsSpan(1).IndexOfAny('c', 'e') >= 0));

    private static bool UnwrapText(SimpleCommand command, int from, Func<string, bool> readNested) =>
        command.IsLiteral && readNested(string.Join(' ', command.Words.Skip(from).Select(word => word.Text)));

    private static bool UnwrapFind(
        SimpleCommand command, Func<string, bool> readNested, List<SimpleCommand> found)
    {
        var isUnderstood = true;

        for (var index = 1; index < command.Words.Length; index++)
        {
            if (command.Words[index].Text is "-exec" or "-execdir" or "-ok" or "-okdir")
            {
                isUnderstood &= Add(command, index + 1, readNested, found);
            }
        }

        return isUnderstood;
    }

    private static bool UnwrapRest(
        SimpleCommand command,
        int argumentsBefore,
        string[] optionsWithValue,
        Func<string, bool> readNested,
        List<SimpleCommand> found)
    {
        var index = 1;
        var isUnderstood = true;

        while (index < command.Words.Length)
        {
            var word = command.Words[index];

            if (word.Text.StartsWith('-'))
            {
                // env -S splits its value into a command of its own.
                isUnderstood &= !word.Text.StartsWith("-S", StringComparison.Ordinal)
                    && !word.Text.StartsWith("--split", StringComparison.Ordinal);
                index += optionsWithValue.Contains(word.Text) ? 2 : 1;
            }
            else if (word.Text.Contains('=', StringComparison.Ordinal) && argumentsBefore == 0)
            {
                index++;
            }
            else if (argumentsBefore-- <= 0)
            {
                return Add(command, index, readNested, found) && isUnderstood;
            }
            else
            {
                index++;
            }
        }

        return isUnderstood;
    }

    private static bool Add(
        SimpleCommand command, int from, Func<string, bool> readNested, List<SimpleCommand> found)
    {
        if (from >= command.Words.Length || found.Count >= ShellGrammar.CommandsMax)
        {
            return false;
        }

        var inner = command with { Words = command.Words[from..], IsNested = true, Redirects = [] };
        found.Add(inner);

        return Unwrap(inner, readNested, found);
    }
}
