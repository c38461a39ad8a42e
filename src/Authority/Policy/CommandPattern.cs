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

    public static CommandPattern Parse(string text)
    {
        var isPrefix = text.EndsWith(":*", StringComparison.Ordinal) || text.EndsWith('*');
        var fixedPart = text.EndsWith(":*", StringComparison.Ordinal) ? text[..^2] : text.TrimEnd('*');
        var isPartOfWord = isPrefix && !text.EndsWith(":*", StringComparison.Ordinal)
            && fixedPart.Length > 0 && !fixedPart.EndsWith(' ');
        ImmutableArray<string> words =
            [.. fixedPart.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)];
        Problem.ThrowUnless(
            !fixedPart.AsSpan().ContainsAny("|&;<>()`$\"'\\"),
            "rule.invalid",
            "A command in a rule is plain words, without quotes and operators; each part of a line is matched.");

        return new CommandPattern(isPartOfWord ? [.. words[..^1], words[^1] + "*"] : words, isPrefix);
    }

    /// <summary>The very words, all of them literal.</summary>
    public bool MatchesStrictly(ImmutableArray<ShellWord> command)
    {
        if (command.Length < Words.Length || (!IsPrefix && command.Length != Words.Length))
        {
            return false;
        }

        for (var index = 0; index < Words.Length; index++)
        {
            if (!command[index].IsLiteral || !PathGlob.MatchPart(Words[index], command[index].Text))
            {
                return false;
            }
        }

        return true;
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

        return PathGlob.MatchPart(Words[0], ShellWrappers.NameOf(program.Text))
            || PathGlob.MatchPart(Words[0], program.Text)
            ? MatchArguments(command, from + 1)
            : PatternMatch.None;
    }

    private PatternMatch MatchArguments(ImmutableArray<ShellWord> command, int from)
    {
        var at = 1;
        var afterOption = false;

        for (var index = from; index < command.Length && at < Words.Length; index++)
        {
            var word = command[index];

            if (!word.IsLiteral)
            {
                return PatternMatch.Possible;
            }

            if (PathGlob.MatchPart(Words[at], word.Text))
            {
                at++;
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

        return at == Words.Length ? PatternMatch.Sure : PatternMatch.None;
    }
}

/// <summary>How sure a wide match is.</summary>
internal enum PatternMatch
{
    None = 0,
    Possible,
    Sure,
}
