using Reeve.Authority.Policy.Programs;

namespace Reeve.Authority.Policy;

/// <summary>Programs whose work is to start another program: the gate looks at the other one too.</summary>
internal static class ShellWrappers
{
    // How many plain arguments stand before the wrapped command, and which options take the next word.
    private static readonly Dictionary<string, (int Before, string Valued)> s_wrappers =
        new(StringComparer.Ordinal)
        {
            ["env"] = (0, "-u -C --unset --chdir -S --split-string"),
            ["command"] = (0, ""),
            ["builtin"] = (0, ""),
            ["exec"] = (0, "-a"),
            ["nohup"] = (0, ""),
            ["time"] = (0, "-f -o --format --output"),
            ["nice"] = (0, "-n --adjustment"),
            ["ionice"] = (0, "-c -n -p -t --class --classdata"),
            ["setsid"] = (0, ""),
            ["stdbuf"] = (0, "-i -o -e --input --output --error"),
            ["sudo"] = (0, "-u -g -h -p -C -r -t -U -D -R -T --user --group --host --prompt --chdir"),
            ["doas"] = (0, "-u -C"),
            ["pkexec"] = (0, "--user"),
            ["runuser"] = (0, "-u -g -G -s"),
            ["setpriv"] = (0, "--reuid --regid --groups"),
            ["xargs"] = (0, "-I -n -P -L -d -a -E -s --max-args --max-procs --max-lines --delimiter --arg-file"),
            ["timeout"] = (1, "-s -k --signal --kill-after"),
            ["chrt"] = (1, "-T -P -D"),
            ["taskset"] = (1, ""),
            ["flock"] = (1, "-w -E --timeout --conflict-exit-code"),
            ["chroot"] = (1, ""),
            ["unshare"] = (0, "-S -G -R -w --setuid --setgid --root --wd"),
            ["nsenter"] = (0, "-t -S -G --target --setuid --setgid"),
            ["bwrap"] = (0, "--bind --dev --proc --tmpfs --chdir"),
            ["proot"] = (0, "-r -b -w -R"),
            ["fakeroot"] = (0, "-l -s -i -u"),
            ["prlimit"] = (0, "-p"),
            ["numactl"] = (0, ""),
            ["setarch"] = (1, ""),
            ["linux64"] = (0, ""),
            ["linux32"] = (0, ""),
            ["systemd-run"] = (0, "-p -u -H -M -E --unit --property --setenv"),
            ["systemd-inhibit"] = (0, "--what --who --why --mode"),
            ["dbus-run-session"] = (0, ""),
            ["xvfb-run"] = (0, "-n -s -e -f -p -w"),
            ["catchsegv"] = (0, ""),
            ["valgrind"] = (0, ""),
            ["watch"] = (0, "-n --interval"),
            ["busybox"] = (0, ""),
            ["toybox"] = (0, ""),
            ["strace"] = (0, "-e -o -p -s -u -E -a -b -I -O -S -X -P"),
            ["ltrace"] = (0, "-e -o -p -s -u -a -l -n -x"),
            ["gdbserver"] = (1, ""),
            ["chronic"] = (0, ""),
            ["ifne"] = (0, ""),
            ["unbuffer"] = (0, ""),
            ["rlwrap"] = (0, ""),
            ["proxychains"] = (0, "-f"),
            ["proxychains4"] = (0, "-f"),
            ["torsocks"] = (0, ""),
            ["torify"] = (0, ""),
            ["faketime"] = (1, ""),
            ["cgexec"] = (0, "-g"),
            ["caffeinate"] = (0, "-t -w"),
            ["setlock"] = (1, ""),
            ["softlimit"] = (0, ""),
            ["run-parts"] = (0, ""),
            ["noglob"] = (0, ""),
            ["nocorrect"] = (0, ""),
        };

    private static readonly char[] s_versionLetters = [.. "0123456789."];

    private static readonly HashSet<string> s_shells = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "rbash", "mksh", "tcsh", "csh", "pwsh", "yash", "posh",
    };

    private static readonly HashSet<string> s_interpreters = new(StringComparer.Ordinal)
    {
        "python", "pypy", "perl", "ruby", "node", "nodejs", "deno", "bun", "php", "lua", "awk", "gawk", "mawk",
        "osascript", "expect", "tclsh", "ssh", "script", "su", "gdb", "vim", "vi", "ed", "parallel", "at", "crontab",
    };

    // What these do to later commands of the line is not followed.
    private static readonly HashSet<string> s_unfollowed = new(StringComparer.Ordinal)
    {
        "alias", "trap", "source", ".", "enable", "hash", "unalias", "bind", "complete", "compgen", "fc", "history",
    };

    /// <summary>True for programs that may start others, or run what they are given.</summary>
    public static bool MayStartOthers(ReadOnlySpan<char> program)
    {
        var name = program[(program.LastIndexOf('/') + 1)..];

        return s_shells.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name)
            || s_wrappers.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name)
            || s_interpreters.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.TrimEnd("0123456789."))
            || s_unfollowed.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name)
            || name is "eval" or "find";
    }

    public static bool IsWrapper(string program) => s_wrappers.ContainsKey(program);

    public static bool IsShell(string program) => s_shells.Contains(program);

    /// <summary>Adds the commands this one would start; a doubt when that cannot be told.</summary>
    public static void Unwrap(SimpleCommand command, Action<string> readNested, ShellFindings found)
    {
        if (command.Words.IsEmpty)
        {
            return;
        }

        if (!command.Words[0].IsLiteral)
        {
            found.Doubt("the name of a program in it is not known before it runs");
            return;
        }

        var program = NameOf(command.Words[0].Text);

        if (s_unfollowed.Contains(program))
        {
            found.Doubt("it changes what later words mean");
        }
        else if (s_shells.Contains(program))
        {
            UnwrapShell(command, readNested, found);
        }
        else if (program == "eval")
        {
            UnwrapText(command, from: 1, readNested, found);
        }
        else if (program == "watch")
        {
            UnwrapWatch(command, readNested, found);
        }
        else if (program == "find")
        {
            UnwrapFind(command, readNested, found);
        }
        else if (s_interpreters.Contains(program.TrimEnd(s_versionLetters)))
        {
            if (RunsTextAsCode(command))
            {
                found.HidesCode = true;
            }
        }
        else if (program == "command" && command.Words.Length > 1 && command.Words[1].Text is "-v" or "-V")
        {
            // It only says what it would start.
            return;
        }
        else if (s_wrappers.TryGetValue(program, out var wrapper))
        {
            UnwrapRest(command, wrapper.Before, wrapper.Valued.Split(' '), readNested, found);
        }
    }

    /// <summary>The last part of a path to a program.</summary>
    public static string NameOf(string program) => program[(program.LastIndexOf('/') + 1)..];

    private static void UnwrapShell(SimpleCommand command, Action<string> readNested, ShellFindings found)
    {
        for (var index = 1; index < command.Words.Length; index++)
        {
            var word = command.Words[index];
            var isOption = word.Text.StartsWith('-') && !word.Text.StartsWith("--", StringComparison.Ordinal);

            if (isOption && word.Text.Contains('c', StringComparison.Ordinal))
            {
                if (command.Words.ElementAtOrDefault(index + 1) is { IsLiteral: true, Text: { } script }
                    && word.IsLiteral)
                {
                    readNested(script);
                }
                else
                {
                    found.Doubt("a shell in it gets a text that is not known before it runs");
                }

                return;
            }

            if (word.Text is "-o" or "+o" or "-O" or "+O" or "--rcfile" or "--init-file")
            {
                index++;
                continue;
            }

            if (!isOption && !word.Text.StartsWith('+'))
            {
                // A script file: what it starts is not in this line.
                if (word.Text is not ("--version" or "--help") && word.Text.StartsWith("--", StringComparison.Ordinal))
                {
                    found.Doubt("a shell in it has an option that is not known");
                }

                return;
            }
        }

        found.Doubt("a shell in it reads its commands from its input");
    }

    // Code in an argument or on standard input may start anything.
    private static bool RunsTextAsCode(SimpleCommand command) =>
        command.Words.Length == 1
        || NameOf(command.Words[0].Text) is "ssh" or "su" or "parallel" or "at"
        || (NameOf(command.Words[0].Text) is "awk" or "gawk" or "mawk" && TextPrograms.HidesCode(command.Words))
        || command.Words.Skip(1).Any(word =>
            word.Text is "-" or "-p" or "-r" or "--eval" or "--print" or "--command"
            || (word.Text is ['-', not '-', ..] && word.Text.AsSpan(1).IndexOfAny('c', 'e') >= 0));

    private static void UnwrapText(
        SimpleCommand command, int from, Action<string> readNested, ShellFindings found)
    {
        if (command.IsLiteral)
        {
            readNested(string.Join(' ', command.Words.Skip(from).Select(word => word.Text)));
        }
        else
        {
            found.Doubt("it evaluates a text that is not known before it runs");
        }
    }

    // Its words are joined and given to a shell.
    private static void UnwrapWatch(SimpleCommand command, Action<string> readNested, ShellFindings found)
    {
        var from = 1;

        while (from < command.Words.Length && command.Words[from].Text.StartsWith('-'))
        {
            from += command.Words[from].Text is "-n" or "--interval" ? 2 : 1;
        }

        UnwrapText(command, from, readNested, found);
    }

    private static void UnwrapFind(SimpleCommand command, Action<string> readNested, ShellFindings found)
    {
        for (var index = 1; index < command.Words.Length; index++)
        {
            if (command.Words[index].Text is not ("-exec" or "-execdir" or "-ok" or "-okdir"))
            {
                continue;
            }

            var end = index + 1;

            while (end < command.Words.Length && command.Words[end].Text is not ";"
                && !(command.Words[end].Text is "+" && command.Words[end - 1].Text is "{}"))
            {
                end++;
            }

            Add(command, index + 1, end, readNested, found);
        }
    }

    private static void UnwrapRest(
        SimpleCommand command, int argumentsBefore, string[] optionsWithValue, Action<string> readNested,
        ShellFindings found)
    {
        var index = 1;
        var isSplit = false;

        while (index < command.Words.Length)
        {
            var word = command.Words[index];

            if (word.Text.StartsWith('-'))
            {
                // env -S splits its value into a command of its own.
                isSplit |= word.Text.StartsWith("-S", StringComparison.Ordinal)
                    || word.Text.StartsWith("--split", StringComparison.Ordinal);
                index += optionsWithValue.Contains(word.Text) ? 2 : 1;
            }
            else if (word.Text.Contains('=', StringComparison.Ordinal) && argumentsBefore == 0)
            {
                index++;
            }
            else if (argumentsBefore-- <= 0)
            {
                Add(command, index, command.Words.Length, readNested, found);
                break;
            }
            else
            {
                index++;
            }
        }

        if (isSplit)
        {
            found.Doubt("it splits a text into a command");
        }
    }

    private static void Add(
        SimpleCommand command, int from, int to, Action<string> readNested, ShellFindings found)
    {
        if (from >= to || found.IsFull)
        {
            found.Doubt("a command that it would start is missing");
            return;
        }

        var words = command.Words[from..to];
        var inner = command with
        {
            Words = words,
            IsNested = true,
            Redirects = [],
            Assignments = [],
            Feeder = null,
            Starter = command,
            Source = string.Join(' ', words.Select(word => word.Text)),
        };
        found.Add(inner);
        Unwrap(inner, readNested, found);
    }
}
