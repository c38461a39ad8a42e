using System.Buffers;
using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>Finds the rules about a shell line, over all the commands it would start.</summary>
/// <remarks>
/// The strictest part decides. A line is allowed by rules only where each of its commands is; a line that could
/// not be read whole is asked wherever a rule denies or asks anything about commands. Lines of plain words are
/// looked up without reading them as a shell would, and without allocating.
/// </remarks>
internal sealed class CommandRuleIndex(Verdict notUnderstood)
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_./:,+@%");

    // What these are given as arguments is text to them and never a program.
    private static readonly HashSet<string> s_inert = new(StringComparer.Ordinal)
    {
        "echo", "printf", "grep", "rg", "cat", "ls", "man", "which", "type", "head", "tail", "wc", "test", "[",
    };

    private static readonly HashSet<string> s_harmlessVariables = new(StringComparer.Ordinal)
    {
        "CI", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LC_ALL", "TZ", "NODE_ENV", "RUST_BACKTRACE", "COLUMNS",
    };

    private readonly Dictionary<string, List<CompiledRule>> _byProgram = new(StringComparer.Ordinal);
    private readonly List<CompiledRule> _others = [];
    private bool _hasRestriction;

    public bool HasRestriction => _hasRestriction;

    public bool IsEmpty => _byProgram.Count + _others.Count == 0;

    public void Add(CommandPattern pattern, CompiledRule rule)
    {
        var program = pattern.Words.IsEmpty ? "*" : pattern.Words[0];
        _hasRestriction |= !rule.Verdict.IsAllowed;

        if (program.AsSpan().IndexOfAny("*?[\\") >= 0)
        {
            _others.Add(rule);
            return;
        }

        var key = ShellWrappers.NameOf(program);

        if (!_byProgram.TryGetValue(key, out var rules))
        {
            _byProgram[key] = rules = [];
        }

        rules.Add(rule);
    }

    /// <summary>The verdict of the rules; null where none speaks.</summary>
    public Verdict? Find(string line)
    {
        if (IsEmpty || IsPlainAndUnknown(line))
        {
            return null;
        }

        var parsed = ShellGrammar.Parse(line);
        var found = FindRestriction(parsed);

        return found ?? FindPermission(parsed);
    }

    // No word of the line is a program that a rule names, and the line starts nothing but its first word.
    private bool IsPlainAndUnknown(ReadOnlySpan<char> line)
    {
        if (_others.Count > 0 || line.Length > ShellGrammar.LineCharsMax || line.ContainsAnyExcept(s_plain))
        {
            return false;
        }

        var programs = _byProgram.GetAlternateLookup<ReadOnlySpan<char>>();
        var isFirst = true;

        foreach (var range in line.Split(' '))
        {
            var word = line[range];
            var isCandidate = programs.ContainsKey(word[(word.LastIndexOf('/') + 1)..])
                || (isFirst && !word.IsEmpty && ShellWrappers.MayStartOthers(word));

            if (isCandidate)
            {
                return false;
            }

            isFirst &= word.IsEmpty;
        }

        return true;
    }

    private Verdict? FindRestriction(ShellLine line)
    {
        if (!_hasRestriction)
        {
            return null;
        }

        var found = line.IsUnderstood ? null : notUnderstood;

        foreach (var command in line.Commands)
        {
            found = CompiledRule.Stricter(found, Restrict(command, s_inert.Contains(command.Words is [var first, ..]
                ? first.Text : "")));
        }

        return found;
    }

    /// <summary>What rules deny or ask of one command.</summary>
    /// <param name="isInert">What it is given as arguments is text to it and never a program.</param>
    public Verdict? Restrict(SimpleCommand command, bool isInert)
    {
        Verdict? found = null;
        var end = !_hasRestriction ? 0 : isInert ? Math.Min(1, command.Words.Length) : command.Words.Length;

        for (var from = 0; from < end; from++)
        {
            found = CompiledRule.Stricter(found, FindRestriction(command, from));
        }

        return found;
    }

    /// <summary>Every rule that allows a command by its very words; those without a star first.</summary>
    public IEnumerable<CompiledRule> Permissions(ImmutableArray<ShellWord> words)
    {
        var rules = _byProgram.GetValueOrDefault(ShellWrappers.NameOf(words[0].Text)) ?? [];

        return rules.Concat(_others)
            .Where(rule => rule.Verdict.IsAllowed && PatternOf(rule).MatchesStrictly(words))
            .OrderByDescending(rule => PatternOf(rule).IsExact);
    }

    private Verdict? FindRestriction(SimpleCommand command, int from)
    {
        var word = command.Words[from];
        Verdict? found = null;

        // A program whose name is not yet known may be any; as an argument it is only an argument.
        if (!word.IsLiteral)
        {
            return from == 0 ? notUnderstood : null;
        }

        if (_byProgram.TryGetValue(ShellWrappers.NameOf(word.Text), out var rules))
        {
            found = Strictest(rules, command, from);
        }

        return from == 0 ? CompiledRule.Stricter(found, Strictest(_others, command, from)) : found;
    }

    private Verdict? Strictest(List<CompiledRule> rules, SimpleCommand command, int from)
    {
        Verdict? found = null;

        foreach (var rule in rules.Where(rule => !rule.Verdict.IsAllowed))
        {
            // As an argument of another program the words only may be a command, and possible means asked.
            found = PatternOf(rule).MatchesWidely(command.Words, from) switch
            {
                PatternMatch.Sure when from == 0 => CompiledRule.Stricter(found, rule.Verdict),
                PatternMatch.Sure or PatternMatch.Possible => CompiledRule.Stricter(found, notUnderstood),
                _ => found,
            };
        }

        return found;
    }

    private Verdict? FindPermission(ShellLine line)
    {
        if (!line.IsUnderstood || line.Commands.IsEmpty)
        {
            return null;
        }

        Verdict? found = null;

        foreach (var command in line.Commands)
        {
            found = IsPlain(command) ? FindPermission(command.Words) : null;

            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    private Verdict? FindPermission(ImmutableArray<ShellWord> words)
    {
        var rules = _byProgram.GetValueOrDefault(ShellWrappers.NameOf(words[0].Text)) ?? [];

        return rules.Concat(_others)
            .FirstOrDefault(rule => rule.Verdict.IsAllowed && PatternOf(rule).MatchesStrictly(words))?.Verdict;
    }

    // A variable can turn a harmless program into another one, and a redirection writes a file.
    internal static bool IsPlain(SimpleCommand command) =>
        !command.Words.IsEmpty
        && command.Assignments.All(s_harmlessVariables.Contains)
        && command.Redirects.All(redirect =>
            !redirect.IsWrite || redirect.Target is { IsLiteral: true, Text: "/dev/null" });

    private static CommandPattern PatternOf(CompiledRule rule) => ((RulePattern.Command)rule.Pattern).Pattern;
}
