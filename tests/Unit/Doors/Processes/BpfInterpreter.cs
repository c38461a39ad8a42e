using System.Buffers.Binary;

namespace Reeve.Tests.Unit.Doors.Processes;

/// <summary>Runs a seccomp filter as the kernel would, so that a test can ask what it answers to a call.</summary>
internal static class BpfInterpreter
{
    public static uint Run(byte[] filter, uint processor, int number, params ulong[] arguments)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), processor);

        for (var index = 0; index < arguments.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (index * 8)), arguments[index]);
        }

        uint accumulator = 0;

        for (var at = 0; ; at++)
        {
            var instruction = filter.AsSpan(at * 8, 8);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);

            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)value));
                    break;
                case 0x54:
                    accumulator &= value;
                    break;
                case 0x06:
                    return value;
                case 0x15 or 0x25 or 0x35 or 0x45:
                    at += Holds(code, accumulator, value) ? instruction[2] : instruction[3];
                    break;
                default:
                    throw new InvalidOperationException($"The filter has an instruction of code {code:x}.");
            }
        }
    }

    private static bool Holds(ushort code, uint accumulator, uint value) => code switch
    {
        0x15 => accumulator == value,
        0x25 => accumulator > value,
        0x35 => accumulator >= value,
        _ => (accumulator & value) != 0,
    };
}
