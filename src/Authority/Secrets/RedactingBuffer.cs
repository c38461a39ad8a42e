using System.Buffers;

namespace Reeve.Authority.Secrets;

/// <summary>Redacts text that comes in pieces, wherever they are cut.</summary>
/// <remarks>
/// What could still be the beginning of a secret is held back, and what was given out lately is kept to look back
/// at; both are bounded. Only <see cref="Flush"/> gives out the rest.
/// </remarks>
public sealed class RedactingBuffer
{
    public const int HeldBytesMax = 2 * SecretRule.ReachMax;
    public const int WindowBytes = 128 * 1024;

    private const int LookedBackBytesMax = SecretRule.ReachMax;

    private readonly SecretScanner _scanner;
    private readonly byte[] _buffer = new byte[LookedBackBytesMax + HeldBytesMax + WindowBytes];
    private int _length;
    private int _given;

    internal RedactingBuffer(SecretScanner scanner) => _scanner = scanner;

    public void Push(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        while (!piece.IsEmpty)
        {
            var count = Math.Min(piece.Length, _buffer.Length - _length);
            piece[..count].CopyTo(_buffer.AsSpan(_length));
            _length += count;
            piece = piece[count..];

            if (_length == _buffer.Length)
            {
                GiveOut(output, _length - HeldBytesMax);
            }
        }
    }

    public void Flush(IBufferWriter<byte> output)
    {
        GiveOut(output, _length);
        _length = 0;
        _given = 0;
    }

    private void GiveOut(IBufferWriter<byte> output, int until)
    {
        var text = _buffer.AsSpan(0, _length);

        foreach (var finding in _scanner.Find(text))
        {
            if (finding.End <= _given || finding.Start >= until)
            {
                continue;
            }

            output.Write(text[_given..Math.Max(_given, finding.Start)]);
            Redactor.Write(output, finding.Kind);
            _given = finding.End;
        }

        if (_given < until)
        {
            output.Write(text[_given..until]);
            _given = until;
        }

        // A finding that begins before the border is given out whole; what follows it is still held back.
        var kept = Math.Max(0, _given - LookedBackBytesMax);
        text[kept..].CopyTo(_buffer);
        _length -= kept;
        _given -= kept;
    }
}
