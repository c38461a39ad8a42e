using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>The words a simple command begins with, or has exactly.</summary>
/// <remarks>
/// An allowing rule is matched strictly: the very words. A denying or asking one is matched widely: by the last
/// part of the program's path, over options between the words (<c>git -C x push</c>), and an argument the shell
/// would still expand may be anything, which makes a match possible and therefore asked.
/// </remarks>
internal sealed class CommandPattern
{
    private CommandPattern(ImmutableArray<string> words, bool isPrefix)
    {
        Words = words;
        IsPrefix = isPrefix;
    }

    public static CommandPattern Any { get; } = new([], isPrefix: true);

    public ImmutableArray<string> Words { get; }

    public bool IsPrefix { get; }

    /// <summary>Nothing in it stands for other words: what it allows was seen whole.</summary>
    public bool IsExact => !IsPrefix && !Words.Any(word => word.Contains('*', StringComparison.Ordinal));

    public static CommandPattern Parse(string text)
    {
        var isPrefix = text.EndsWith(":*", StringComparison.Ordinal) || text.EndsWith('*');
        var fixedPart = text.EndsWith(":*", StringComparison.Ordinal) ? text[..^2] : text.TrimEnd('*');
        var isPartOfWord = isPrefix && !text.EndsWith(":*", StringComparison.Ordinal)
            && fixedPart.Length > 0 && !fixedPart.EndsWith(' ');
        ImmutableArray<string> words =
            [.. fixedPart.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)];
        Problem.ThrowUnless(
            !fixedPart.AsSpan().ContainsAny("|&;<>()`$\"'\\") && (isPrefix || words.Length > 0),
            "rule.invalid",
            "A command in a rule is plain words, without quotes and operators; each part of a line is matched.");

        return new CommandPattern(isPartOfWord ? [.. words[..^1], words[^1] + "*"] : words, isPrefix);
    }

    /// <summary>The very words, all of them literal; a <c>*</c> alone stands for one word or more.</summary>
    public bool MatchesStrictly(ImmutableArray<ShellWord> command)
    {
        var (at, from, starAt, starFrom) = (0, 0, -1, 0);

        // Each turn goes one word on, or lets the last star take one word more.
        while (at < Words.Length || (!IsPrefix && from < command.Length))
        {
            if (at < Words.Length && from < command.Length && Matches(at, command[from]))
            {
                (starAt, starFrom) = Words[at] == "*" && at > 0 ? (at, from) : (starAt, starFrom);
                at++;
                from++;
            }
            else if (starAt >= 0 && starFrom + 1 < command.Length && command[starFrom + 1].IsLiteral)
            {
                starFrom++;
                (at, from) = (starAt + 1, starFrom + 1);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The option stands in the rule itself, so it was meant.</summary>
    public bool Names(string option)
    {
        foreach (var word in Words)
        {
            if (word.Length > 1 && (word == option || word.StartsWith(option + "=", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Matches(int at, ShellWord word) => word.IsLiteral
        && (Words[at].Contains('*', StringComparison.Ordinal)
            ? MatchStars(Words[at], word.Text) && !(at == 0 && word.Text.Contains('/', StringComparison.Ordinal))
            : Words[at] == word.Text);

    // Stars alone are special in a rule; they stand for any signs.
    private static bool MatchStars(ReadOnlySpan<char> pattern, ReadOnlySpan<char> word)
    {
        var star = pattern.IndexOf('*');

        if (star < 0)
        {
            return pattern.SequenceEqual(word);
        }

        if (!word.StartsWith(pattern[..star]))
        {
            return false;
        }

        var rest = pattern[(star + 1)..];
        word = word[star..];

        while (rest.IndexOf('*') is var next and >= 0)
        {
            var found = word.IndexOf(rest[..next]);

            if (found < 0)
            {
                return false;
            }

            word = word[(found + next)..];
            rest = rest[(next + 1)..];
        }

        return word.EndsWith(rest);
    }

    /// <summary>Whether the command is meant, surely or possibly.</summary>
    public PatternMatch MatchesWidely(ImmutableArray<ShellWord> command, int from = 0)
    {
        if (Words.IsEmpty)
        {
            return PatternMatch.Sure;
        }

        if (from >= command.Length)
        {
            return PatternMatch.None;
        }

        var program = command[from];

        if (!program.IsLiteral)
        {
            return PatternMatch.Possible;
        }

        return MatchStars(Words[0], ShellWrappers.NameOf(program.Text))
            || MatchStars(Words[0], program.Text)
            ? MatchArguments(command, from + 1)
            : PatternMatch.None;
    }

    private PatternMatch MatchArguments(ImmutableArray<ShellWord> command, int from)
    {
        var at = SkipOptions(1);
        var afterOption = false;

        for (var index = from; index < command.Length && at < Words.Length; index++)
        {
            var word = command[index];

            if (!word.IsLiteral)
            {
                return PatternMatch.Possible;
            }

            if (Words[at] == "*" && at + 1 < Words.Length)
            {
                return MatchesLater(command, index, at + 1);
            }

            if (MatchStars(Words[at], word.Text))
            {
                at = SkipOptions(at + 1);
                afterOption = false;
            }
            else if (word.Text.StartsWith('-'))
            {
                afterOption = true;
            }
            else if (afterOption)
            {
                // It may be the value of the option before it.
                afterOption = false;
            }
            else
            {
                return PatternMatch.None;
            }
        }

        return at == Words.Length ? MatchOptions(command, from) : PatternMatch.None;
    }

    // Options of the rule may stand anywhere behind the program, alone or in a cluster.
    private int SkipOptions(int at)
    {
        while (at < Words.Length && Words[at].StartsWith('-'))
        {
            at++;
        }

        return at;
    }

    private PatternMatch MatchOptions(ImmutableArray<ShellWord> command, int from)
    {
        var match = PatternMatch.Sure;

        foreach (var option in Words.Skip(1).Where(word => word.StartsWith('-')))
        {
            var found = MatchOption(option, command, from);
            match = found < match ? found : match;
        }

        return match;
    }

    private static PatternMatch MatchOption(string option, ImmutableArray<ShellWord> command, int from)
    {
        var letters = option.StartsWith("--", StringComparison.Ordinal) ? "" : option.TrimStart('-');
        var (isSure, isPossible) = (letters.Length > 0, letters.Length > 0);

        for (var index = from; index < command.Length; index++)
        {
            var text = command[index].Text;

            if (!command[index].IsLiteral)
            {
                return PatternMatch.Possible;
            }

            if (MatchStars(option, text) || text.StartsWith(option + "=", StringComparison.Ordinal))
            {
                return PatternMatch.Sure;
            }

            // A long option may be shortened.
            if (letters.Length == 0 && text.Length > 3 && option.StartsWith(text.Split('=')[0],
                StringComparison.Ordinal))
            {
                return PatternMatch.Possible;
            }
        }

        foreach (var letter in letters)
        {
            isSure &= Has(command, from, text => text is ['-', not '-', ..] && text.Contains(letter));
            isPossible &= Has(command, from, text => text is ['-', not '-', ..] && text.Contains(letter))
                || Has(command, from, text => text.StartsWith("--", StringComparison.Ordinal) && text.Length > 2
                    && text[2] == char.ToLowerInvariant(letter));
        }

        return isSure ? PatternMatch.Sure : isPossible ? PatternMatch.Possible : PatternMatch.None;
    }

    private static bool Has(ImmutableArray<ShellWord> command, int from, Predicate<string> isMeant)
    {
        for (var index = from; index < command.Length; index++)
        {
            if (isMeant(command[index].Text))
            {
                return true;
            }
        }

        return false;
    }

    // Behind a star in the middle the rest may begin at any later word.
    private PatternMatch MatchesLater(ImmutableArray<ShellWord> command, int from, int at)
    {
        for (var index = from; index < command.Length; index++)
        {
            if (!command[index].IsLiteral)
            {
                return PatternMatch.Possible;
            }

            if (MatchStars(Words[at], command[index].Text))
            {
                return PatternMatch.Sure;
            }
        }

        return PatternMatch.None;
    }
}

/// <summary>How sure a wide match is.</summary>
internal enum PatternMatch
{
    None = 0,
    Possible,
    Sure,
}
