using System.Collections.Immutable;

namespace Reeve.Authority.Policy.Programs;

/// <summary>Goes through the arguments of a program by its entry in the table.</summary>
internal sealed class OptionReader(PartContext part, ProgramEntry entry)
{
    private readonly List<ShellWord> _plain = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _at;

    /// <summary>The arguments that are no options and no values of options.</summary>
    public IReadOnlyList<ShellWord> Plain => _plain;

    public bool Has(params ReadOnlySpan<string> options)
    {
        foreach (var option in options)
        {
            if (_seen.Contains(option))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why the arguments are more than the entry says is harmless; null where they are not.</summary>
    public string? Read(int from)
    {
        var isEnded = false;

        for (_at = from; _at < part.Words.Length; _at++)
        {
            var word = part.Words[_at];

            if (isEnded || word.Text == "-" || !MayBeOption(word))
            {
                _plain.Add(word);
                continue;
            }

            if (!word.IsLiteral && word.HasUnknownStart)
            {
                if (!entry.HasOnlyHarmlessOptions)
                {
                    return "an expansion in it may turn out to be an option";
                }

                _plain.Add(word);
                continue;
            }

            if (word is { IsLiteral: true, Text: "--" })
            {
                isEnded = true;
                continue;
            }

            if (ReadOption(word) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    private static bool MayBeOption(ShellWord word) => word.Text.StartsWith('-') || word.HasUnknownStart;

    private string? ReadOption(ShellWord word)
    {
        if (word.Text.StartsWith("--", StringComparison.Ordinal))
        {
            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word.Text : word.Text[..equals];

            return entry.Find(word.Text + "") is { } exact && equals > 0 ? Judge(exact, word, attached: null)
                : entry.Find(name) is { } option ? Judge(option, word, equals < 0 ? null : word.Text[(equals + 1)..])
                : Unknown(name);
        }

        if (word.Text.Length > 2 && entry.Find(word.Text) is { } whole)
        {
            return Judge(whole, word, attached: null);
        }

        return ReadCluster(word);
    }

    private string? ReadCluster(ShellWord word)
    {
        if (entry.Kind == ProgramKind.Digits && !word.Text.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        for (var index = 1; index < word.Text.Length; index++)
        {
            var name = $"-{word.Text[index]}";

            if (entry.Find(name) is not { } option)
            {
                // A number behind a flag, as -n5, belongs to an option with a value; alone it is unknown.
                return Unknown(name);
            }

            var hasRest = index + 1 < word.Text.Length;

            if (option.TakesValue || option.MayHaveValue || option.Effect != OptionEffect.Safe)
            {
                return Judge(option, word, hasRest ? word.Text[(index + 1)..] : null);
            }

            _seen.Add(name);
        }

        return null;
    }

    private string? Judge(ProgramOption option, ShellWord word, string? attached)
    {
        _seen.Add(option.Name);
        var value = attached is not null ? word with { Text = attached } : ShellWord.Of("");

        if (attached is null && option.TakesValue)
        {
            _at += option.TakesTwo ? 2 : 1;

            if (_at >= part.Words.Length)
            {
                return $"{option.Name} has no value";
            }

            value = part.Words[_at];
        }

        return option.Effect switch
        {
            OptionEffect.Execute => $"{option.Name} can start another program or load code",
            OptionEffect.Write => $"{option.Name} writes or changes something",
            OptionEffect.File when attached is not null && !word.IsLiteral =>
                "the file that it reads is not known before it runs",
            OptionEffect.File when option.TakesValue || attached is not null =>
                part.WhyNotPath(value, isRead: true),
            OptionEffect.File => $"{option.Name} reads what it does from a file",
            _ => part.WhyNotShown(value),
        };
    }

    private static string Unknown(string name) =>
        name.Length > 40 ? "an option of it is not known" : $"the option {name} is not known to be harmless";
}

/// <summary>Finds options that start or write something, under a rule that does not name them.</summary>
internal static class RiskyOptions
{
    /// <summary>Why a rule for the program is not enough; null where it is.</summary>
    public static string? FirstIn(
        PartContext part, ProgramEntry entry, ImmutableArray<ShellWord> words, int from, CommandPattern rule)
    {
        for (var at = from; at < words.Length; at++)
        {
            var word = words[at];

            if (word is { IsLiteral: true, Text: "--" })
            {
                break;
            }

            if (!word.IsLiteral && word.HasUnknownStart)
            {
                if (!entry.HasOnlyHarmlessOptions)
                {
                    return "an expansion in it may turn out to be an option";
                }

                continue;
            }

            var (option, value, used) = Find(entry, words, at);
            at += used;

            if (option is not null && option.Effect != OptionEffect.Safe && !rule.Names(option.Name)
                && !rule.Names(word.Text) && WhyNot(part, option, value) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? WhyNot(PartContext part, ProgramOption option, ShellWord? value) => option.Effect switch
    {
        OptionEffect.File when value is { } file => FileOf(part, option, file),
        OptionEffect.File => $"{option.Name} reads what it does from a file",
        OptionEffect.Write => $"{option.Name} writes or changes something elsewhere",
        _ => $"{option.Name} can start another program or load code",
    };

    // curl and others read a file only where the value says so with an @.
    private static string? FileOf(PartContext part, ProgramOption option, ShellWord value)
    {
        if (option.Name is "-d" or "--data" or "--data-binary" or "--data-ascii" or "--json" or "-F" or "--form"
            or "--data-urlencode" or "--url-query" or "--variable")
        {
            return value.Text.AsSpan().ContainsAny('@', '<') || !value.IsLiteral
                ? $"{option.Name} sends a file" : null;
        }

        return option.Name is "--data-raw" or "--form-string" ? null
            : option.Name is "-T" or "--upload-file" ? $"{option.Name} sends a file"
            : part.WhyNotPath(value, isRead: true);
    }

    private static (ProgramOption? Option, ShellWord? Value, int Used) Find(
        ProgramEntry entry, ImmutableArray<ShellWord> words, int at)
    {
        var text = words[at].Text;
        ShellWord? next = at + 1 < words.Length ? words[at + 1] : null;

        if (text is "-" or not ['-', ..])
        {
            return (entry.FindWord(text), null, 0);
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];

        if ((entry.Find(text) ?? entry.Find(name)) is { } exact)
        {
            var isNext = equals < 0 && exact.TakesValue;
            return (exact, isNext ? next : words[at] with { Text = text[(equals + 1)..] }, isNext ? 1 : 0);
        }

        if (text.StartsWith("--", StringComparison.Ordinal) || entry.Kind == ProgramKind.RuleLong)
        {
            var option = entry.FindShortened(name);
            return (option, equals < 0 ? next : words[at] with { Text = text[(equals + 1)..] }, 0);
        }

        return FindInCluster(entry, words[at], next);
    }

    private static (ProgramOption? Option, ShellWord? Value, int Used) FindInCluster(
        ProgramEntry entry, ShellWord word, ShellWord? next)
    {
        for (var index = 1; index < word.Text.Length; index++)
        {
            var hasRest = index + 1 < word.Text.Length;

            if (entry.Find($"-{word.Text[index]}") is not { } option)
            {
                continue;
            }

            if (option.Effect != OptionEffect.Safe || option.TakesValue)
            {
                var value = hasRest ? word with { Text = word.Text[(index + 1)..] } : next;
                return (option, value, option.TakesValue && !hasRest ? 1 : 0);
            }
        }

        return (null, null, 0);
    }
}
