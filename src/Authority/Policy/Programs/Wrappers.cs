namespace Reeve.Authority.Policy.Programs;

/// <summary>Commands that only start another one: the other is a part of its own and judged there.</summary>
internal static class Wrappers
{
    // Options that change nothing but when and how fast it runs.
    private static readonly Dictionary<string, string[]> s_transparent = new(StringComparer.Ordinal)
    {
        ["time"] = ["-p"],
        ["nice"] = ["-n", "--adjustment"],
        ["ionice"] = ["-c", "-n", "-t"],
        ["timeout"] = ["-s", "-k", "--signal", "--kill-after", "--preserve-status", "--foreground", "-v", "--verbose"],
        ["stdbuf"] = ["-i", "-o", "-e", "--input", "--output", "--error"],
        ["command"] = ["-p"],
        ["builtin"] = [],
        ["exec"] = ["-c", "-l", "-a"],
        ["env"] = ["-i", "-u", "--unset", "--ignore-environment", "-", "-0"],
        ["chronic"] = [],
        ["noglob"] = [],
    };

    // What may go through a pipe between the command that names files and xargs.
    private static readonly HashSet<string> s_passing = new(StringComparer.Ordinal)
    {
        "sort", "uniq", "head", "tail", "grep", "egrep", "fgrep",
    };

    /// <summary>The opinion about a wrapper itself; null where the command is none.</summary>
    public static Opinion? WhyNot(PartContext part)
    {
        var program = part.Program;

        if (program == "command" && part.Words.Skip(1).Any(word => word.Text is "-v" or "-V"))
        {
            return Opinion.Of(program, ReadOnlyCommands.WhyNotText(part, 1));
        }

        if (program == "xargs")
        {
            return Opinion.OfWrapper(program, WhyNotXargs(part));
        }

        if (program == "eval")
        {
            return Opinion.OfWrapper(program, part.Command.IsLiteral ? null : "it evaluates a text that is not known");
        }

        if (ShellWrappers.IsShell(program))
        {
            return Opinion.OfWrapper(program, WhyNotShell(part));
        }

        return s_transparent.TryGetValue(program, out var options)
            ? Opinion.OfWrapper(program, WhyNotTransparent(part, options))
            : null;
    }

    private static string? WhyNotTransparent(PartContext part, string[] options)
    {
        var inner = part.Line.Commands.FirstOrDefault(command => ReferenceEquals(command.Starter, part.Command));

        if (inner is null)
        {
            return part.Program is "exec" or "time" or "nice" && part.Words.Length == 1
                ? null
                : part.Program == "env"
                    ? "it shows the environment, which may hold secrets"
                    : "what it would start is not known";
        }

        foreach (var word in part.Words[1..^inner.Words.Length])
        {
            if (!word.IsLiteral)
            {
                return "what it would start is not known before it runs";
            }

            var isKnown = !word.Text.StartsWith('-') || options.Contains(word.Text.Split('=')[0])
                || options.Any(option => option is ['-', not '-'] && word.Text.StartsWith(option,
                    StringComparison.Ordinal)
                    && part.Program is not "env");

            if (!isKnown && !(part.Program == "nice" && int.TryParse(word.Text, out _)))
            {
                return $"an option of {part.Program} is not known to be harmless";
            }

            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);

            if (part.Program == "env" && equals > 0 && !word.Text.StartsWith('-')
                && !ShellPrograms.IsHarmlessVariable(word.Text[..equals]))
            {
                return "a variable that is set may change what the program does";
            }
        }

        return null;
    }

    // sh -c 'text': the text is read as a line of its own.
    private static string? WhyNotShell(PartContext part)
    {
        var words = part.Words;

        if (words.Length < 3 || words[1].Text is not ("-c" or "-lc" or "-ec" or "-euc" or "-uc" or "-xc" or "-exc")
            || !words[2].IsLiteral)
        {
            return "it runs a script, or commands from its input";
        }

        return words.Skip(3).Select(part.WhyNotShown).FirstOrDefault(reason => reason is not null);
    }

    // The names that come through the pipe have to be names of the workspace, and the program one that takes no orders
    // from its arguments.
    private static string? WhyNotXargs(PartContext part)
    {
        var inner = part.Line.Commands.FirstOrDefault(command => ReferenceEquals(command.Starter, part.Command));

        if (inner is null)
        {
            return part.Words.Length == 1 ? WhyNotFeeder(part) : "what it would start is not known";
        }

        var optionWords = part.Words[1..^inner.Words.Length];
        var areKnown = optionWords.All(word => word.IsLiteral && (!word.Text.StartsWith('-')
            || word.Text is "-0" or "-r" or "-t" or "-x" or "--null" or "--no-run-if-empty" or "-I" or "-n" or "-P"
                or "-L" or "-d" or "-s"
            || word.Text.AsSpan(1) is ['I' or 'n' or 'P' or 'L' or 's' or 'd', ..]));

        if (!areKnown)
        {
            return "an option of it is not known to be harmless";
        }

        var (entry, _) = ProgramTable.Shared.FindFor(inner.Words);
        var isPlainReader = entry is { HasOnlyHarmlessOptions: true, Kind: not (ProgramKind.Rule
            or ProgramKind.RuleLong or ProgramKind.Own or ProgramKind.Group or ProgramKind.Single) };

        return isPlainReader || entry is { Name: "echo" or "basename" or "dirname" or "printf" }
            ? WhyNotFeeder(part)
            : "the arguments that come through the pipe may change what the program does";
    }

    private static string? WhyNotFeeder(PartContext part)
    {
        var feeder = part.Command.Feeder;

        while (feeder is not null)
        {
            var words = feeder.Words;

            if (words.Any(word => Places.NamesSecret(word.Text)))
            {
                return "it names a place where secrets are kept";
            }

            if (words is [{ IsLiteral: true, Text: { } program }, ..] && NamesOwnFiles(feeder, program))
            {
                return null;
            }

            feeder = words is [{ Text: { } passing }, ..] && s_passing.Contains(passing) ? feeder.Feeder : null;
        }

        return "the arguments that come through the pipe are not known";
    }

    private static bool NamesOwnFiles(SimpleCommand feeder, string program)
    {
        var plain = feeder.Words.Skip(1).Where(word => !word.Text.StartsWith('-')).ToList();
        var staysInside = plain.TrueForAll(word => word.Has(ShellPieceKind.Variable) is false
            && Places.Of(word.Text) == Place.Inside);

        return program switch
        {
            "find" or "ls" => staysInside && !feeder.Words.Any(word =>
                word.Text.Contains("printf", StringComparison.Ordinal) || word.Text is "-L" or "-follow"),
            "grep" or "rg" or "egrep" => staysInside && feeder.Words.Any(word => word.Text is "--files-with-matches"
                or "--files" || (word.Text is ['-', not '-', ..] && word.Text.Contains('l', StringComparison.Ordinal))),
            "fd" or "fdfind" => staysInside,
            "git" => feeder.Words.Length > 1 && (feeder.Words[1].Text == "ls-files"
                || feeder.Words.Any(word => word.Text is "--name-only")),
            _ => false,
        };
    }
}
