using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Reeve.Kernel.Journal;

/// <summary>Puts the fields of an entry one after the other, in a buffer that serves entry after entry.</summary>
internal sealed class EnvelopeWriter : IBufferWriter<byte>
{
    private const int BytesExpected = 1_024;

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    private byte[] _bytes = new byte[BytesExpected];
    private int _length;

    public void Clear() => _length = 0;

    public void Byte(byte value) => Next(sizeof(byte))[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Next(16), value);

    public void Text(string value)
    {
        var count = checked((ushort)s_utf8.GetByteCount(value));
        BinaryPrimitives.WriteUInt16BigEndian(Next(sizeof(ushort)), count);
        s_utf8.GetBytes(value, Next(count));
    }

    /// <summary>JSON behind its length, which is known only afterwards.</summary>
    public void Body(EventBody body)
    {
        var start = _length + sizeof(int);
        Int32(0);

        using (var json = new Utf8JsonWriter(this))
        {
            EventTypes.Encode(body, json);
        }

        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start - sizeof(int)), _length - start);
    }

    /// <summary>Room for the next bytes, which count as written.</summary>
    public Span<byte> Next(int count)
    {
        var place = GetSpan(count)[..count];
        _length += count;
        return place;
    }

    public byte[] ToArray()
    {
        if (_length > EventEnvelope.EntryBytesMax)
        {
            throw new InvalidOperationException("An entry is larger than an entry may be.");
        }

        return _bytes.AsSpan(0, _length).ToArray();
    }

    public void Advance(int count) => _length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(1, sizeHint))
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + sizeHint));
        }

        return _bytes.AsSpan(_length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var start = _length;
        GetSpan(sizeHint);
        return _bytes.AsMemory(start);
    }
}
