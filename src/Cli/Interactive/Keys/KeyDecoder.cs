using System.Text;

namespace Reeve.Cli.Interactive.Keys;

/// <summary>Turns the bytes of a terminal into keys, wherever they are cut (ECMA-48 sequences, UTF-8, DECSET
/// 2004).</summary>
/// <remarks>
/// Pure: bytes go in, keys come out. An escape that nothing follows is the key Esc, which only time can tell: the
/// caller flushes when none came. A paste is bounded; what is past the bound is dropped and told.
/// </remarks>
internal sealed class KeyDecoder
{
    public const int PasteBytesMax = 1024 * 1024, SequenceBytesMax = 64;

    private const byte EscapeByte = 0x1B;
    private static readonly byte[] s_pasteEnd = Encoding.ASCII.GetBytes("\u001b[201~");

    private readonly List<byte> _pending = [];
    private readonly MemoryStream _paste = new();
    private bool _isPasting;

    /// <summary>True while an escape or a cut sequence may still become something else.</summary>
    public bool IsWaiting => _pending.Count > 0 && !_isPasting;

    public IReadOnlyList<Key> Push(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<Key>();
        _pending.AddRange(bytes);

        while (_pending.Count > 0)
        {
            var used = _isPasting ? TakePaste(keys) : TakeOne(keys);

            if (used == 0)
            {
                break;
            }

            _pending.RemoveRange(0, used);
        }

        return keys;
    }

    /// <summary>No more bytes came: what waits is what was pressed.</summary>
    public IReadOnlyList<Key> Flush()
    {
        if (!IsWaiting)
        {
            return [];
        }

        var isEscape = _pending is [EscapeByte];
        _pending.Clear();
        return [new Key(isEscape ? KeyKind.Escape : KeyKind.Unknown)];
    }

    private int TakePaste(List<Key> keys)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        var end = bytes.IndexOf(s_pasteEnd);

        if (end < 0)
        {
            // The end of the paste may be cut too: as much of it as may be its beginning waits.
            var safe = Math.Max(0, bytes.Length - s_pasteEnd.Length + 1);
            Keep(bytes[..safe]);
            return safe;
        }

        Keep(bytes[..end]);
        _isPasting = false;
        var text = Encoding.UTF8.GetString(_paste.GetBuffer(), 0, (int)_paste.Length);
        _paste.SetLength(0);
        keys.Add(new Key(KeyKind.Paste, text.ReplaceLineEndings("\n")));
        return end + s_pasteEnd.Length;
    }

    private void Keep(ReadOnlySpan<byte> bytes) =>
        _paste.Write(bytes[..(int)Math.Min(bytes.Length, PasteBytesMax - _paste.Length)]);

    private int TakeOne(List<Key> keys)
    {
        var first = _pending[0];

        switch (first)
        {
            case EscapeByte:
                return TakeEscape(keys);
            case (byte)'\r':
                keys.Add(new Key(KeyKind.Enter));
                return 1;
            case (byte)'\n':
                keys.Add(new Key(KeyKind.NewLine));
                return 1;
            case (byte)'\t':
                keys.Add(new Key(KeyKind.Tab));
                return 1;
            case 0x7F or 0x08:
                keys.Add(new Key(KeyKind.Backspace));
                return 1;
            case < 0x20:
                keys.Add(first is 0 or > 26 ? new Key(KeyKind.Unknown) : Key.Control((char)('A' + first - 1)));
                return 1;
            default:
                return TakeText(keys);
        }
    }

    private int TakeText(List<Key> keys)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        var length = 0;

        while (length < bytes.Length && bytes[length] is >= 0x20 and not 0x7F)
        {
            var status = Rune.DecodeFromUtf8(bytes[length..], out _, out var used);

            if (status == System.Buffers.OperationStatus.NeedMoreData)
            {
                break;
            }

            length += used;
        }

        if (length > 0)
        {
            keys.Add(new Key(KeyKind.Text, Encoding.UTF8.GetString(bytes[..length])));
        }

        return length;
    }

    private int TakeEscape(List<Key> keys)
    {
        if (_pending.Count == 1)
        {
            return 0;
        }

        if (_pending[1] is not ((byte)'[' or (byte)'O'))
        {
            return TakeAlt(keys);
        }

        // CSI: parameters are 0x30–0x3F, intermediates 0x20–0x2F, and a final byte from 0x40 on.
        for (var index = 2; index < _pending.Count; index++)
        {
            if (_pending[index] is >= 0x40 and <= 0x7E)
            {
                var parameters = Encoding.ASCII.GetString([.. _pending[2..index]]);
                OnSequence(parameters, (char)_pending[index], keys);
                return index + 1;
            }

            if (index >= SequenceBytesMax || _pending[index] is < 0x20 or > 0x7E)
            {
                keys.Add(new Key(KeyKind.Unknown));
                return index;
            }
        }

        return 0;
    }

    private int TakeAlt(List<Key> keys)
    {
        switch ((char)_pending[1])
        {
            case '\r' or '\n':
                keys.Add(new Key(KeyKind.NewLine));
                return 2;
            case 'b' or 'B':
                keys.Add(new Key(KeyKind.WordLeft));
                return 2;
            case 'f' or 'F':
                keys.Add(new Key(KeyKind.WordRight));
                return 2;
            case '\u007f':
                keys.Add(Key.Control('W'));
                return 2;
            case '\u001b':
                keys.Add(new Key(KeyKind.Escape));
                return 1;
            default:
                keys.Add(new Key(KeyKind.Unknown));
                return 2;
        }
    }

    private void OnSequence(string parameters, char final, List<Key> keys)
    {
        if (final == '~' && parameters == "200")
        {
            _isPasting = true;
            return;
        }

        var hasModifier = parameters.Contains(';', StringComparison.Ordinal);
        keys.Add(new Key((final, parameters.Split(';')[0]) switch
        {
            ('A', _) => KeyKind.Up,
            ('B', _) => KeyKind.Down,
            ('C', _) => hasModifier ? KeyKind.WordRight : KeyKind.Right,
            ('D', _) => hasModifier ? KeyKind.WordLeft : KeyKind.Left,
            ('H', _) or ('~', "1" or "7") => KeyKind.Home,
            ('F', _) or ('~', "4" or "8") => KeyKind.End,
            ('~', "3") => KeyKind.Delete,
            _ => KeyKind.Unknown,
        }));
    }
}
