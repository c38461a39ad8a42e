using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Reeve.Models.Streams;

/// <summary>Parses an event stream fed in pieces that may be cut at any byte (WHATWG HTML, "Interpreting an
/// event stream").</summary>
/// <remarks>
/// A byte order mark counts at the very start only; lines end in CR, LF or CRLF; an event without its closing
/// empty line is never dispatched. An event larger than its bound is refused.
/// </remarks>
internal sealed class SseParser(Action<SseEvent> onEvent, int eventBytesMax = SseParser.EventBytesMax)
{
    /// <summary>The bound where the caller names none.</summary>
    public const int EventBytesMax = 16 * 1024 * 1024;

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private string _name = string.Empty;
    private string _lastEventId = string.Empty;
    private bool _hasData;
    private bool _skipsLineFeed;
    private bool _isFirstLine = true;

    /// <exception cref="InvalidDataException">An event is too large.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_skipsLineFeed)
            {
                _skipsLineFeed = false;

                if (bytes[0] == '\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');

            if (end < 0)
            {
                Keep(_line, bytes);
                return;
            }

            TakeLine(bytes[..end]);
            _skipsLineFeed = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    private void TakeLine(ReadOnlySpan<byte> rest)
    {
        if (_line.WrittenCount == 0)
        {
            ParseLine(rest);
            return;
        }

        Keep(_line, rest);
        ParseLine(_line.WrittenSpan);
        _line.ResetWrittenCount();
    }

    private void ParseLine(ReadOnlySpan<byte> line)
    {
        if (_isFirstLine)
        {
            _isFirstLine = false;
            line = line.StartsWith(s_byteOrderMark) ? line[s_byteOrderMark.Length..] : line;
        }

        if (line.IsEmpty)
        {
            Dispatch();
            return;
        }

        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value is [(byte)' ', ..] ? value[1..] : value;

        if (field.SequenceEqual("data"u8))
        {
            if (_hasData)
            {
                Keep(_data, "\n"u8);
            }

            Keep(_data, value);
            _hasData = true;
        }
        else if (field.SequenceEqual("event"u8))
        {
            _name = Encoding.UTF8.GetString(value);
        }
        else if (field.SequenceEqual("id"u8) && !value.Contains((byte)0))
        {
            _lastEventId = Encoding.UTF8.GetString(value);
        }
    }

    private void Dispatch()
    {
        if (_hasData)
        {
            var data = _data.WrittenSpan.ToArray();
            data = Utf8.IsValid(data) ? data : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data));
            onEvent(new SseEvent(_name.Length == 0 ? "message" : _name, data, _lastEventId));
        }

        _name = string.Empty;
        _hasData = false;
        _data.ResetWrittenCount();
    }

    private void Keep(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > eventBytesMax - buffer.WrittenCount)
        {
            throw new InvalidDataException("An event of the stream is too large.");
        }

        buffer.Write(bytes);
    }
}
