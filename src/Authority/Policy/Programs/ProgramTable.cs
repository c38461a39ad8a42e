using System.Collections.Immutable;
using System.Diagnostics;

namespace Reeve.Authority.Policy.Programs;

/// <summary>The table of known programs, read once from programs.txt.</summary>
internal sealed class ProgramTable
{
    private static readonly Lazy<ProgramTable> s_shared = new(Load);

    private readonly Dictionary<string, ProgramEntry> _entries = new(StringComparer.Ordinal);

    public static ProgramTable Shared => s_shared.Value;

    public ProgramEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>The entry of a program, or of the subcommand it is called with.</summary>
    public (ProgramEntry? Entry, int From) FindFor(ImmutableArray<ShellWord> words)
    {
        var name = ShellWrappers.NameOf(words[0].Text);

        if (Find(name) is not { } program)
        {
            return (null, 1);
        }

        var at = 1;

        // Options before the subcommand, as git has them.
        while (at < words.Length && words[at] is { IsLiteral: true, Text: ['-', ..] })
        {
            at += program.Find(words[at].Text) is { TakesValue: true } ? 2 : 1;
        }

        var found = (Entry: program, From: 1);

        for (var length = 1; length <= 2 && at + length <= words.Length; length++)
        {
            var words2 = words.Skip(at).Take(length).ToList();
            var isKnown = words2.TrueForAll(word => word.IsLiteral)
                && Find($"{name} {string.Join(' ', words2.Select(word => word.Text))}") is not null;

            if (isKnown)
            {
                found = (Find($"{name} {string.Join(' ', words2.Select(word => word.Text))}")!, at + length);
            }
        }

        return found;
    }

    private static ProgramTable Load()
    {
        using var stream = typeof(ProgramTable).Assembly.GetManifestResourceStream("programs.txt")
            ?? throw new UnreachableException();
        using var reader = new StreamReader(stream);
        var table = new ProgramTable();
        List<ProgramEntry> current = [];

        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] != ' ')
            {
                current = table.Begin(line);
            }
            else
            {
                foreach (var entry in current)
                {
                    table.Take(entry, line.Trim());
                }
            }
        }

        return table;
    }

    private List<ProgramEntry> Begin(string line)
    {
        var colon = line.LastIndexOf(" : ", StringComparison.Ordinal);
        var kind = Enum.Parse<ProgramKind>(line[(colon + 3)..].Trim(), ignoreCase: true);
        var begun = new List<ProgramEntry>();

        foreach (var name in line[..colon].Split(',', StringSplitOptions.TrimEntries))
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                _entries[name] = entry = new ProgramEntry(name);
            }

            entry.Kind = kind;
            begun.Add(entry);
        }

        return begun;
    }

    private void Take(ProgramEntry entry, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        if (words[0] == "use")
        {
            entry.Take(_entries[line[4..].Trim()]);
            return;
        }

        var effect = words[0] switch
        {
            "safe" => OptionEffect.Safe,
            "file" => OptionEffect.File,
            "write" => OptionEffect.Write,
            "exec" => OptionEffect.Execute,
            _ => throw new UnreachableException(),
        };

        foreach (var word in words.Skip(1))
        {
            TakeOption(entry, word, effect);
        }
    }

    // -abc= are the flags a and b, and c with a value, where they are harmless; elsewhere it is one word.
    private static void TakeOption(ProgramEntry entry, string word, OptionEffect effect)
    {
        var isCluster = effect == OptionEffect.Safe && word.Length > 2 && word[0] == '-' && word[1] != '-'
            && entry.Kind != ProgramKind.RuleLong;

        if (!isCluster)
        {
            entry.Add(ProgramOption.Parse(word, effect));
            return;
        }

        for (var index = 1; index < word.Length; index++)
        {
            var sign = index + 1 < word.Length && word[index + 1] is '=' or '?' ? word[index + 1].ToString() : "";
            entry.Add(ProgramOption.Parse($"-{word[index]}{sign}", effect));
            index += sign.Length;
        }
    }
}
