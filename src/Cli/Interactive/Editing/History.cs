namespace Reeve.Cli.Interactive.Editing;

/// <summary>What was entered before, oldest first. Kept in a file of the data directory that only its owner
/// reads, without secrets.</summary>
internal sealed class History
{
    public const int EntriesMax = 1_000, EntryLengthMax = 8_192, FileBytesMax = 4 * 1024 * 1024;

    private readonly List<string> _entries;
    private readonly Func<string, string> _redact;
    private readonly Action<string> _save;

    /// <param name="kept">The text of the file; null where there is none.</param>
    /// <param name="redact">Takes secrets out, before anything is remembered.</param>
    /// <param name="save">Writes the file anew.</param>
    public History(string? kept, Func<string, string> redact, Action<string> save)
    {
        _redact = redact;
        _save = save;
        _entries = [.. (kept ?? "").Split('\n').Where(line => line.Length > 0).Select(Unescaped).TakeLast(EntriesMax)];
    }

    public int Count => _entries.Count;

    public string this[int index] => _entries[index];

    public void Add(string text)
    {
        var entry = _redact(text);

        if (string.IsNullOrWhiteSpace(entry) || entry.Length > EntryLengthMax
            || (_entries.Count > 0 && _entries[^1] == entry))
        {
            return;
        }

        _entries.Add(entry);

        if (_entries.Count > EntriesMax)
        {
            _entries.RemoveAt(0);
        }

        _save(string.Concat(_entries.Select(line => Escaped(line) + "\n")));
    }

    /// <summary>The newest entry before <paramref name="before"/> that holds the text; -1 where there is
    /// none.</summary>
    public int Find(string text, int before)
    {
        for (var index = Math.Min(before, _entries.Count) - 1; index >= 0; index--)
        {
            if (_entries[index].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return -1;
    }

    // One entry a line.
    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescaped(string line)
    {
        var text = new System.Text.StringBuilder(line.Length);

        for (var index = 0; index < line.Length; index++)
        {
            var isEscape = line[index] == '\\' && index + 1 < line.Length;
            text.Append(!isEscape ? line[index] : line[++index] == 'n' ? '\n' : line[index]);
        }

        return text.ToString();
    }
}
