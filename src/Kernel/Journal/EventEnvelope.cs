using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal;

/// <summary>Writes and reads the stored bytes of an entry; docs/journal-format.md specifies them.</summary>
/// <remarks>
/// Integers are big-endian, texts are UTF-8 behind a 16-bit length, the body is JSON behind a 32-bit length. The
/// hash of an entry is over these bytes, and they are never written anew.
/// </remarks>
public static class EventEnvelope
{
    public const byte Magic = 0x52, FormatVersion = 1;

    /// <summary>One entry; larger text belongs into payloads.</summary>
    public const int EntryBytesMax = 1 << 20;

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <param name="entry">Its <see cref="RunEvent.Self"/> is ignored: it follows from the bytes.</param>
    public static byte[] Encode(RunEvent entry) => Encode(entry, new EnvelopeWriter());

    /// <param name="writer">Kept by who writes many; what it held is overwritten.</param>
    internal static byte[] Encode(RunEvent entry, EnvelopeWriter writer)
    {
        writer.Clear();
        writer.Byte(Magic);
        writer.Byte(FormatVersion);
        writer.Text(entry.Tenant.Name);
        writer.UInt128(entry.Run.Value);
        writer.Int64(entry.Sequence);
        writer.Int32(entry.Epoch);
        writer.Text(EventTypes.NameOf(entry.Body));
        writer.Int32(EventTypes.CurrentVersion);
        writer.Int64(entry.At.UtcTicks);
        writer.Byte((byte)entry.Actor.Kind);
        writer.Text(entry.Actor.Name);
        writer.Text(entry.Actor.MandateId);
        writer.Int64(entry.CausedBy);
        writer.Int64(entry.Call?.Sequence ?? 0);
        writer.Int32(entry.Call?.Index ?? 0);
        writer.UInt128(entry.Trace.TraceId);
        writer.Int64((long)entry.Trace.SpanId);
        writer.Int32(entry.Label.Index);
        writer.Int32(entry.Payloads.Length);

        foreach (var payload in entry.Payloads)
        {
            payload.CopyTo(writer.Next(PayloadRef.Bytes));
        }

        writer.Body(entry.Body);
        entry.Previous.CopyTo(writer.Next(ChainHash.Bytes));
        return writer.ToArray();
    }

    /// <exception cref="ProblemException">
    /// <c>journal.corrupt</c> for bytes that are no entry, <c>journal.newer</c> for an entry of a later program.
    /// </exception>
    public static RunEvent Decode(ReadOnlySpan<byte> stored)
    {
        try
        {
            return DecodeStrictly(stored);
        }
        catch (Exception cause) when (cause is ArgumentException or System.Text.Json.JsonException or FormatException)
        {
            throw new ProblemException(new Problem("journal.corrupt", "An entry of the journal cannot be read."));
        }
    }

    private static RunEvent DecodeStrictly(ReadOnlySpan<byte> stored)
    {
        var reader = new Reader(stored);
        Problem.ThrowUnless(reader.Byte() == Magic, "journal.corrupt", "An entry of the journal cannot be read.");
        Problem.ThrowUnless(
            reader.Byte() == FormatVersion, "journal.newer", "The journal was written by a newer Reeve; upgrade.");

        var tenant = new TenantId(reader.Text());
        var run = RunId.FromBytes(reader.Bytes(16));
        var sequence = reader.Int64();
        var epoch = reader.Int32();
        var type = reader.Text();
        var version = reader.Int32();
        var at = new DateTimeOffset(reader.Int64(), TimeSpan.Zero);
        var actor = new Actor((ActorKind)reader.Byte(), reader.Text(), reader.Text());
        var causedBy = reader.Int64();
        var call = new CallId(reader.Int64(), reader.Int32());
        var trace = new TraceContext(
            new UInt128((ulong)reader.Int64(), (ulong)reader.Int64()), (ulong)reader.Int64());
        var label = new LabelId(reader.Int32());
        var payloads = ReadPayloads(ref reader);
        var body = EventTypes.Decode(type, version, reader.Bytes(reader.Int32()));
        Problem.ThrowUnless(
            body is not null, "journal.newer", "The journal was written by a newer Reeve; upgrade.");
        var previous = ChainHash.FromBytes(reader.Bytes(ChainHash.Bytes));
        Problem.ThrowUnless(reader.IsAtEnd, "journal.corrupt", "An entry of the journal cannot be read.");

        return new RunEvent(
            tenant, run, sequence, epoch, at, actor, causedBy, call.Sequence == 0 ? null : call, trace, label,
            payloads, body, previous, ChainHash.Of(stored));
    }

    private static ImmutableArray<PayloadRef> ReadPayloads(ref Reader reader)
    {
        var count = reader.Int32();
        var payloads = ImmutableArray.CreateBuilder<PayloadRef>();

        // Each takes 32 bytes that must be there, so a count that lies ends at the end of the entry.
        for (var index = 0; index < count; index++)
        {
            payloads.Add(new PayloadRef(reader.Bytes(PayloadRef.Bytes)));
        }

        return payloads.DrainToImmutable();
    }

    private ref struct Reader(ReadOnlySpan<byte> stored)
    {
        private ReadOnlySpan<byte> _rest = stored;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public byte Byte() => Bytes(1)[0];

        public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4));

        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(8));

        public string Text() => s_utf8.GetString(Bytes(BinaryPrimitives.ReadUInt16BigEndian(Bytes(2))));

        // A length that lies throws ArgumentOutOfRange, which is "corrupt".
        public ReadOnlySpan<byte> Bytes(int count)
        {
            var bytes = _rest[..count];
            _rest = _rest[count..];
            return bytes;
        }
    }
}
