namespace Reeve.Tools.Files;

/// <summary>Walks the lines of a text without copying it; a line comes without its LF or CRLF.</summary>
internal ref struct LineReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly LineReader GetEnumerator() => this;

    /// <summary>How many lines are still to come.</summary>
    public readonly int CountRest() =>
        _rest.Count((byte)'\n') + (_rest.IsEmpty || _rest.EndsWith("\n"u8) ? 0 : 1);

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOf((byte)'\n');
        var line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? [] : _rest[(end + 1)..];
        Current = line.EndsWith("\r"u8) ? line[..^1] : line;

        return true;
    }
}
