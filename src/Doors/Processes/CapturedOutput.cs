using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>One stream of a command: its head and its tail are kept, the rest is counted.</summary>
/// <remarks>However much arrives, it holds at most the two sizes it was made with.</remarks>
internal sealed class CapturedOutput(int headBytes, int tailBytes)
{
    private readonly List<byte> _head = [];
    private byte[] _ring = [];
    private int _next;
    private int _held;

    public long BytesTotal { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        BytesTotal += bytes.Length;
        var forHead = Math.Min(headBytes - _head.Count, bytes.Length);
        _head.AddRange(bytes[..forHead]);
        AddToTail(bytes[forHead..]);
    }

    public OutputText ToText()
    {
        var tail = new byte[_held];
        var start = _held < _ring.Length ? 0 : _next;

        for (var index = 0; index < _held; index++)
        {
            tail[index] = _ring[(start + index) % _ring.Length];
        }

        return new OutputText(_head.ToArray(), tail, BytesTotal);
    }

    private void AddToTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || tailBytes == 0)
        {
            return;
        }

        if (_ring.Length == 0)
        {
            _ring = new byte[tailBytes];
        }

        var last = bytes[^Math.Min(bytes.Length, tailBytes)..];
        var untilEnd = Math.Min(last.Length, tailBytes - _next);
        last[..untilEnd].CopyTo(_ring.AsSpan(_next));
        last[untilEnd..].CopyTo(_ring);
        _next = (_next + last.Length) % tailBytes;
        _held = Math.Min(_held + last.Length, tailBytes);
    }
}
